#!/bin/bash
# A real Slurm on this machine, and the test that a run survives in it: several slurmd nodes, a spec as an
# array of shards, one task killed with SIGKILL while it works, another requeued, one node's daemon killed;
# in the end the digest of the results is a single machine's.
#
#   apt-get install slurm-wlm munge     # Debian; Slurm must be built with several slurmd (Debian's is)
#   experiments/cluster/slurm.sh [UAIBENCH]
#
# It needs to be root (slurmd does), leaves nothing behind, and touches no Slurm that is there: its
# configuration, ports, keys and state are its own, in a temporary folder.
set -euo pipefail

program=$(realpath "${1:-bin/uaibench}")
nodes=3
shards=4

say() { printf '%s\n' "slurm.sh: $*"; }
fail() {
	say "FAILED: $*"
	tail -n 15 "$work"/log/*.log "$work"/shared/*.log 2>/dev/null || true
	exit 1
}

[ "$(id -u)" = 0 ] || { say "slurmd must run as root; as another user this cannot be tested"; exit 2; }
for tool in munged slurmctld slurmd sbatch squeue scontrol scancel sinfo; do
	command -v "$tool" >/dev/null || { say "$tool is not there: apt-get install slurm-wlm munge"; exit 2; }
done
[ -x "$program" ] || { say "$program is not there: make build"; exit 2; }

work=$(mktemp -d)
pids=()
# shellcheck disable=SC2329 # called by trap
clean() {
	for id in $(squeue -h -o %A 2>/dev/null | sort -u); do scancel "$id" 2>/dev/null || true; done
	for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
	for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
	rm -rf "$work"
}
trap clean EXIT

mkdir -p "$work"/{log,state,run,shared}
chmod 711 "$work"
dd if=/dev/urandom of="$work/munge.key" bs=1 count=1024 status=none
chmod 600 "$work/munge.key"

# munged refuses folders that others can write to, such as /tmp, unless it is forced.
munged --foreground --force --key-file "$work/munge.key" --socket "$work/run/munge" --pid-file "$work/run/munged.pid" \
	--log-file "$work/log/munged.log" --seed-file "$work/run/munged.seed" >"$work/log/munged.out.log" 2>&1 &
pids+=($!)

host=$(hostname -s)
port=$((20000 + RANDOM % 20000))
{
	cat <<END
ClusterName=uaibench
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/run/munge
CredType=cred/munge
StateSaveLocation=$work/state
SlurmctldPidFile=$work/run/slurmctld.pid
SlurmdPidFile=$work/run/%n.pid
SlurmdSpoolDir=$work/state/%n
SlurmctldLogFile=$work/log/slurmctld.log
SlurmdLogFile=$work/log/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SlurmdTimeout=15
KillWait=5
SchedulerParameters=batch_sched_delay=1,sched_interval=2
SlurmdParameters=config_overrides
MpiDefault=none
END
	for i in $(seq $nodes); do
		echo "NodeName=n$i NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + i)) CPUs=1 RealMemory=512"
	done
	echo "PartitionName=all Nodes=n[1-$nodes] Default=YES MaxTime=INFINITE State=UP"
} >"$work/slurm.conf"
export SLURM_CONF=$work/slurm.conf

for _ in $(seq 50); do [ -S "$work/run/munge" ] && break; sleep 0.1; done
slurmctld -D >"$work/log/slurmctld.out.log" 2>&1 &
pids+=($!)
slurmd_pid=()
start_node() {
	mkdir -p "$work/state/n$1"
	slurmd -D -N "n$1" >"$work/log/n$1.out.log" 2>&1 &
	slurmd_pid[$1]=$!
	pids+=($!)
}
for i in $(seq $nodes); do start_node "$i"; done
for _ in $(seq 150); do
	[ "$(sinfo -h -N -t idle -o %N 2>/dev/null | wc -l)" = $nodes ] && break
	sleep 0.2
done
[ "$(sinfo -h -N -t idle -o %N 2>/dev/null | wc -l)" = $nodes ] || { sinfo -N || true; fail "the nodes did not come up"; }
say "$(slurmctld -V): $nodes nodes are idle: $(sinfo -h -N -o %N | tr '\n' ' ')"

cat >"$work/shared/tiny.yaml" <<'END'
version: 1
name: tiny
datasets: [{id: mnist0, params: {rows: 1000}}]
methods:
  - {id: dae_uai, params: {hidden: [16, 4], pretrain_steps: 50}}
  - {id: class_uai, params: {hidden: [16, 4], pretrain_steps: 50}}
  - random
budget: 100
k: 5
seeds: {base: 1, count: 4}
END
cd "$work/shared"
digest() { "$program" status "$1" | grep -o 'digest [0-9a-f]*' | cut -d' ' -f2; }
done_cells() { "$program" status "$1" 2>/dev/null | grep -o '[0-9]* done' | head -n 1 | cut -d' ' -f1; }

say "the same cells on a single machine, for comparison"
"$program" run tiny.yaml --out single -j 2 >"$work/log/single.log" 2>&1 || fail "the single machine's run"

say "submitting $shards shards"
job=$("$program" submit slurm tiny.yaml --shards $shards --out "$work/shared/a run" --time 10 | sed -n "s/^submitted as job \([0-9]*\): .*slurm.sh$/\1/p" | head -1)
[ -n "$job" ] || fail "nothing was submitted"

# running gives the process that works on a shard: it is uaibench itself, for the script ends with exec.
running() { pgrep -f -- "^$program run .*--out $work/shared/a run .*--shard $1/$shards\$" || true; }
state() { squeue -h -j "${job}_$1" -o %T 2>/dev/null || true; }
wait_for() { # what, seconds, command…
	local what=$1 until=$((SECONDS + $2))
	shift 2
	until "$@"; do
		[ $SECONDS -lt $until ] || fail "$what: not within the time"
		sleep 0.2
	done
}
is_running() { [ -n "$(running "$1")" ]; }
began() { [ "$(done_cells "a run")" -ge 1 ] 2>/dev/null; }

wait_for "shard 1 runs" 60 is_running 1
wait_for "shard 2 runs" 60 is_running 2
wait_for "a first cell is done" 120 began

victim=$(running 1)
say "SIGKILL to shard 1 (process $victim, on $(squeue -h -j "${job}_1" -o %N)), $(done_cells "a run") cells done"
kill -KILL "$victim"
gone() { ! kill -0 "$victim" 2>/dev/null; }
wait_for "shard 1 is dead" 20 gone

if is_running 2; then
	say "scontrol requeue of shard 2 while it works"
	scontrol requeue "${job}_2" || fail "requeue of shard 2"
else
	fail "shard 2 ended before it could be requeued: make the spec longer"
fi

# A task that died by a signal is FAILED to Slurm, which does not requeue those by itself.
ended() { [ "$(scontrol show job "${job}_1" 2>/dev/null | grep -c 'JobState=FAILED')" = 1 ]; }
wait_for "Slurm has seen shard 1 die" 60 ended
say "scontrol requeue of shard 1"
scontrol requeue "${job}_1" || fail "requeue of shard 1"

# A node is lost while it works: its daemon, what that started, and what those run die at once. Slurm requeues
# the shard by itself, for the other nodes. The lost one stays away: back at once, it would get the order to end the
# shard's first run while it has the second one, by the same number, and that would be no requeue to Slurm.
busy() { squeue -h -t RUNNING -o %N | grep -q n; }
wait_for "something runs" 60 busy
lost=$(squeue -h -t RUNNING -o %N | head -n 1)
index=${lost#n}
say "node $lost is lost while it works on $(squeue -h -t RUNNING -w "$lost" -o %i), $(done_cells "a run") cells done"
disown "${slurmd_pid[$index]}" # the shell need not tell that it was killed
kill -KILL "${slurmd_pid[$index]}"
for pid in $(pgrep -f -- "--out $work/shared/a run " || true); do
	if grep -qz "^SLURMD_NODENAME=$lost\$" "/proc/$pid/environ" 2>/dev/null; then
		step=$(ps -o ppid= -p "$pid" | tr -d ' ')
		case $(ps -o args= -p "$step") in slurmstepd*) kill -KILL "$step" ;; esac
		kill -KILL "$pid"
	fi
done
scontrol update nodename="$lost" state=down reason="lost in the test" || fail "node $lost down"

# Slurm lets a requeued job wait for two minutes; nothing here is gained by that.
idle() {
	for id in $(squeue -h -r -t PENDING -o %i); do
		scontrol update jobid="$id" starttime=now 2>/dev/null || true
	done
	[ -z "$(squeue -h -o %A)" ]
}
wait_for "all shards end" 300 idle
"$program" status "a run" | head -n 1
[ "$(digest "a run")" = "$(digest single)" ] || fail "the digests differ: $(digest "a run"), a single machine's is $(digest single)"
"$program" verify "a run" >"$work/log/verify.log" || fail "verify: $(cat "$work/log/verify.log")"
say "PASSED: one task killed, one requeued, one node lost; the digest is a single machine's: $(digest single)"
