#!/bin/sh
# Made by uaibench submit slurm. Submitted again, it runs the missing cells.
#SBATCH --job-name=uaibench-mnist0
#SBATCH --array=1-8
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@60
#SBATCH --output=/shared/runs/mnist0.shard-%a.log
cd /home/a || exit 1
exec /opt/uaibench/bin/uaibench run /home/a/my.yaml --out /shared/runs/mnist0 --jobs 2 --shard "$SLURM_ARRAY_TASK_ID/8"
