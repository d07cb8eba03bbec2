#!/bin/sh
# A night: run the smoke specs, pack each run, hold it against the baseline, and stop where something got worse.
# Packs stay in a folder, one for each night and spec, named so that they sort by date.
#
#   experiments/nightly/nightly.sh NIGHTS [SPEC…]
#
# NIGHTS is the folder that stays; without a SPEC it runs mnist, which needs no data but MNIST. The first night of a
# spec becomes its baseline; `uaibench accept NIGHTS/SPEC` makes the last one the baseline. What got worse stays red
# until it is repaired or accepted. The environment may set
#
#   UAIBENCH  the program
#   NIGHT     the date
#   PROFILE   smoke; empty for the whole specs
#   GATE      what compare --gate takes besides, such as "--max-drop found=0.05 --allow moved"
#   NOTIFY    a program that gets each spec's story as JSON on its standard input
#   SITE      a folder for the static site over all nights
#   KEEP      the nights of each spec that are kept, beside the baseline (default: all)
#
# Exit status: 0 all well; 4 a gate was crossed; else the first other status. NIGHTS/SPEC/compare.md is for a pull
# request or the job's summary, compare.html has the history.
set -eu

UAIBENCH=${UAIBENCH:-bin/uaibench}
NIGHT=${NIGHT:-$(date -u +%Y-%m-%dT%H%M%SZ)}
PROFILE=${PROFILE-smoke}
GATE=${GATE-}
NOTIFY=${NOTIFY-}
SITE=${SITE-}
KEEP=${KEEP-}

[ $# -ge 1 ] || { echo "usage: nightly.sh NIGHTS [SPEC…]" >&2; exit 2; }
nights=$1
shift
[ $# -ge 1 ] || set -- mnist

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
	[ -e "$folder/baseline.json" ] || "$UAIBENCH" accept "$folder" --reason 'the first night' || worse $?
	"$UAIBENCH" compare --history "$folder" --format html >"$folder/compare.html" 2>/dev/null || : # again below
	worse "$status"
	status=0
	# shellcheck disable=SC2086 # GATE is a list of words
	"$UAIBENCH" compare --history "$folder" --format md --gate $GATE ${NOTIFY:+--notify "$NOTIFY"} \
		>"$folder/compare.md" || status=$?
	cat "$folder/compare.md"
	worse "$status"
	if [ -n "$KEEP" ]; then
		baseline=$(sed -n 's/.*"night": "\(.*\)".*/\1/p' "$folder/baseline.json")
		# shellcheck disable=SC2012 # the names are dates
		ls "$folder" | grep '\.tar\.gz$' | sort -r | tail -n "+$((KEEP + 1))" |
			grep -vxF "$baseline.tar.gz" | while read -r old; do rm -f "$folder/$old"; done
	fi
done
if [ -n "$SITE" ]; then
	# shellcheck disable=SC2086
	"$UAIBENCH" site "$nights" $GATE -o "$SITE" || worse $?
fi
exit "$worst"
