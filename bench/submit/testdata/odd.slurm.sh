#!/bin/sh
# Made by uaibench submit slurm. Submitted again, it runs the missing cells.
#SBATCH --job-name=uaibench-a-b-c-s-experiment
#SBATCH --array=1-8
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --mem=4G
#SBATCH --time=1-12:00:00
#SBATCH --partition=long
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@60
#SBATCH --output="/shared/50%% \"of\" $HOME.shard-%a.log"
cd '/home/a b' || exit 1
exec '/opt/my tools/uai'\''bench' run '/home/a b/$(reboot).yaml' mnist --set 'hidden=[64, 8]' --profile smoke --out '/shared/50% "of" $HOME' --jobs 2 --shard "$SLURM_ARRAY_TASK_ID/8"
