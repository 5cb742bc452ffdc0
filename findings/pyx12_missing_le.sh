#!/usr/bin/env bash
# pyx12 on an X12 834 whose reporting categories begin with LS and do not end with LE.
#
# Expected: LS and LE are a pair in X12: the header of a loop and its trailer, with the same identifier. Where one stands
# the other has to, and a carrier refuses a file without it.
#
# What happens: the map has LE as situational, like LS, so the file is valid. An LE with another identifier is found.
#
# Where it bites: the check that a team runs before it sends finds nothing, and the carrier returns the file as a whole.
set -euo pipefail

FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
python3 -m venv "$FOLDER/venv"
"$FOLDER/venv/bin/pip" install --quiet --disable-pip-version-check "pyx12==4.0.0"

"$FOLDER/venv/bin/python" - <<'PYTHON'
import io
import logging
from importlib.metadata import version

from pyx12.params import params
from pyx12.x12n_document import x12n_document

logging.getLogger("pyx12").setLevel(logging.CRITICAL)


def enrollment(*behind_the_categories: str) -> str:
    """Initial enrollment of one made-up person with one reporting category."""
    body = [
        "ST*834*0001*005010X220A1",
        "BGN*00*1001*20260520*1200*CT***2",
        "N1*P5*SAMPLE ADA*94*1001",
        "N1*IN*SAMPLE CARRIER*XV*12345",
        "INS*Y*18*021*EC*A***AC",
        "REF*0F*1001",
        "DTP*356*D8*20260601",
        "NM1*IL*1*SAMPLE*ADA",
        "N3*200 MODEL ST",
        "N4*CHICAGO*IL*60601",
        "DMG*D8*19870614*F",
        "HD*021**HLT",
        "DTP*348*D8*20260601",
        "LS*2700",
        "LX*1",
        "N1*75*PRE AMT 1",
        "REF*9X*410.10",
        "DTP*007*D8*20260601",
        *behind_the_categories,
    ]
    head = [
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260520*1200*^*00501*000000001*1*T*:",
        "GS*BE*SENDER*RECEIVER*20260520*1200*1*X*005010X220A1",
    ]
    segments = [*head, *body, f"SE*{len(body) + 1}*0001", "GE*1*1", "IEA*1*000000001"]
    return "".join(f"{segment}~\n" for segment in segments)


def judge(*behind_the_categories: str) -> bool:
    return x12n_document(params(), io.StringIO(enrollment(*behind_the_categories)), None, None, None)


found = {"LE*2700": judge("LE*2700"), "no LE": judge(), "LE*2710": judge("LE*2710")}
print("pyx12", version("pyx12"))
for name, is_valid in found.items():
    print(f"{name:8} valid: {is_valid}")
assert found["LE*2700"], "the pair is not valid any more"
assert found["no LE"], "a missing LE is found now"
assert not found["LE*2710"], "another identifier is not found any more"
PYTHON
