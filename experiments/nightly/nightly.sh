#!/bin/sh
# A night: run the smoke specs, pack each run, compare it with the night before, and stop where something got
# worse. Packs stay in a folder, one for each night and spec, named so that they sort by date.
#
#   experiments/nightly/nightly.sh NIGHTS [SPEC…]
#
# NIGHTS is the folder that stays; without a SPEC it runs the committed ones below. The environment may set
# UAIBENCH (the program), NIGHT (the date), PROFILE (smoke; empty for the whole specs) and GATE (what compare --gate
# takes besides, such as "--max-drop found=0.05 --allow moved").
#
# Exit status: 0 all well; 4 a gate was crossed; else the first other status. NIGHTS/SPEC/compare.md is for a pull
# request or the job's summary, compare.html has the history.
set -eu

UAIBENCH=${UAIBENCH:-bin/uaibench}
NIGHT=${NIGHT:-$(date -u +%Y-%m-%dT%H%M%SZ)}
PROFILE=${PROFILE-smoke}
GATE=${GATE-}

[ $# -ge 1 ] || { echo "usage: nightly.sh NIGHTS [SPEC…]" >&2; exit 2; }
nights=$1
shift
[ $# -ge 1 ] || set -- mnist fashion

worst=0
worse() { # 4 outranks what went wrong otherwise: it is what the night is for
	if [ "$1" = 4 ] || [ "$worst" = 0 ]; then worst=$1; fi
}

for spec in "$@"; do
	name=$(basename "$spec" .yaml)
	folder=$nights/$name
	mkdir -p "$folder"
	run=$folder/.run
	rm -rf "$run" # every night measures anew
	echo "== $name, $NIGHT"
	status=0
	"$UAIBENCH" run "$spec" ${PROFILE:+--profile "$PROFILE"} --out "$run" || status=$?
	if [ "$status" != 0 ] && [ "$status" != 3 ]; then # 3: some cells failed, which the comparison shows
		worse "$status"
		continue
	fi
	pack=$folder/$NIGHT.tar.gz
	"$UAIBENCH" pack "$run" --out "$pack"
	rm -rf "$run"
	"$UAIBENCH" verify "$pack" >/dev/null || { worse $?; echo "$pack: uaibench verify found something" >&2; }
	if [ "$(find "$folder" -name '*.tar.gz' | wc -l)" -lt 2 ]; then
		echo "$name: the first night, nothing to compare with"
		worse "$status"
		continue
	fi
	"$UAIBENCH" compare --history "$folder" "$pack" --format html >"$folder/compare.html"
	status=0
	# shellcheck disable=SC2086 # GATE is a list of words
	"$UAIBENCH" compare --history "$folder" "$pack" --format md --gate $GATE >"$folder/compare.md" || status=$?
	cat "$folder/compare.md"
	worse "$status"
done
exit "$worst"
