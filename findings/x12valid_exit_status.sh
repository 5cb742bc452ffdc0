#!/usr/bin/env bash
# x12valid, the command of pyx12, on valid and invalid X12 834 files.
#
# Expected: as commands that check files do, it ends with 0 for a valid file and with something else for one that is not.
#
# What happens: it prints OK and Failure rightly and ends with 1 for both. main() gives True when it went through all
# files, valid or not, and the installed command hands that to sys.exit, where True is 1.
#
# Where it bites: a gate that runs `x12valid file && send file` never sends; one that ignores the status because of that
# sends everything. The word in the output, or the function x12n_document, is what can be relied on.
set -euo pipefail

FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
python3 -m venv "$FOLDER/venv"
"$FOLDER/venv/bin/pip" install --quiet --disable-pip-version-check "pyx12==4.0.0"

cd "$FOLDER"
# one made-up person; in the second file the number of segments is wrong
write() {
  cat <<X12
ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260520*1200*^*00501*000000001*1*T*:~
GS*BE*SENDER*RECEIVER*20260520*1200*1*X*005010X220A1~
ST*834*0001*005010X220A1~
BGN*00*1001*20260520*1200*CT***2~
N1*P5*SAMPLE ADA*94*1001~
N1*IN*SAMPLE CARRIER*XV*12345~
INS*Y*18*021*EC*A***AC~
REF*0F*1001~
DTP*356*D8*20260601~
NM1*IL*1*SAMPLE*ADA~
N3*200 MODEL ST~
N4*CHICAGO*IL*60601~
DMG*D8*19870614*F~
HD*021**HLT~
DTP*348*D8*20260601~
SE*$1*0001~
GE*1*1~
IEA*1*000000001~
X12
}
write 14 >valid.834
write 15 >invalid.834

judge() { # prints the verdict and the exit status
  local status=0
  venv/bin/x12valid "$1" >"$1.out" 2>&1 || status=$?
  printf '%s exit status %s\n' "$(grep -oE ': (OK|Failure)$' "$1.out" | tail -1)" "$status"
}
echo "$(venv/bin/pip list --disable-pip-version-check 2>/dev/null | grep -i '^pyx12')"
valid=$(judge valid.834)
invalid=$(judge invalid.834)
echo "valid.834$valid"
echo "invalid.834$invalid"
[ "$valid" = ": OK exit status 1" ] || { echo "a valid file ends otherwise now" >&2; exit 1; }
[ "${invalid%% exit*}" = ": Failure" ] || { echo "the invalid file is not found now" >&2; exit 1; }
