#!/usr/bin/env bash
# What make test-arm64 runs: for linux/arm64, under an emulator (Debian's qemu-user), the kernels' tests,
# the goldens of every method, and a run of every method, whose digest must be this machine's.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
emulator=qemu-aarch64
if ! command -v "$emulator" >/dev/null; then
	echo "test-arm64: skipped, as $emulator is not installed (Debian's qemu-user)"
	exit 0
fi
go=${GO:-go}
arm64() { GOARCH=arm64 CGO_ENABLED=0 "$go" "$@"; }

# The statistics of the noise are those of its sequence, which the goldens hold.
F32_TEST_EMULATOR=$emulator arm64 test -exec "$emulator" -timeout 60m \
	-skip 'Statistics|NormalAngle|NoiseKeysDiffer' ./baselines/internal/f32
arm64 test -exec "$emulator" -timeout 60m -run Golden ./baselines/...

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$go" build -trimpath -o "$dir/here" ./bench/cmd/uaibench
arm64 build -trimpath -o "$dir/there" ./bench/cmd/uaibench
digests() { # NAME COMMAND...
	local spec out=$dir/$1
	shift
	for spec in arm64 arm64_plane; do
		if ! "$@" run "baselines/internal/f32/testdata/$spec.yaml" --profile smoke --json \
			--out "$out.$spec" >"$out.json" 2>"$out.log"; then
			cat "$out.log" >&2
			return 1
		fi
		sed -n 's/^  "\(digest\|done\|planned\)": \(.*\),$/\1 \2/p' "$out.json"
	done
}
want=$(digests here "$dir/here")
got=$(digests there "$emulator" "$dir/there")
printf 'this machine:\n%s\narm64:\n%s\n' "$want" "$got"
if [ -z "$want" ] || [ "$got" != "$want" ]; then
	echo "test-arm64: the digests differ" >&2
	exit 1
fi
