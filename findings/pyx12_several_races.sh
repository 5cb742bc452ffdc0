#!/usr/bin/env bash
# pyx12 on an X12 834 whose member is of more than one race (DMG05, repeated).
#
# Expected: DMG05 (composite C056) may be given up to ten times in 005010X220A1; pyx12's own map says repeat="10". A member
# of two races is judged like a member of one.
#
# What happens: one race is valid, with two the validator ends with IndexError. It counts the parts of both repetitions
# as parts of one composite, finds too many, and reaches for a sub-element behind the last one to name it.
#
# Where it bites: a carrier that was granted race and ethnicity gets them as the application has them. The check that was
# to judge the file ends instead, on the first household with two answers, and says nothing of the other members.
set -euo pipefail

FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
python3 -m venv "$FOLDER/venv"
"$FOLDER/venv/bin/pip" install --quiet --disable-pip-version-check "pyx12==4.0.0"

"$FOLDER/venv/bin/python" - <<'PYTHON'
import io
from importlib.metadata import version
from importlib.resources import files
from xml.etree import ElementTree

from pyx12.params import params
from pyx12.x12n_document import x12n_document


def enrollment(races: str) -> str:
    """Initial enrollment of one made-up person."""
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
        f"DMG*D8*19870614*F{races}",
        "HD*021**HLT",
        "DTP*348*D8*20260601",
    ]
    head = [
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260520*1200*^*00501*000000001*1*T*:",
        "GS*BE*SENDER*RECEIVER*20260520*1200*1*X*005010X220A1",
    ]
    segments = [*head, *body, f"SE*{len(body) + 1}*0001", "GE*1*1", "IEA*1*000000001"]
    return "".join(f"{segment}~\n" for segment in segments)


def judge(races: str) -> str:
    try:
        return str(x12n_document(params(), io.StringIO(enrollment(races)), None, None, None))
    except IndexError as error:
        return f"IndexError: {error}"


places = ElementTree.fromstring((files("pyx12") / "map" / "834.5010.X220.A1.v2.xml").read_bytes())
repeat = {one.get("repeat") for one in places.iter("composite") if one.get("xid") == "DMG05"}
none, one, two = judge(""), judge("**:RET:2106-3"), judge("**:RET:2106-3^:RET:2054-5")
print("pyx12", version("pyx12"))
print("repeat of DMG05 in the map:", repeat)
print("no race:   ", none)
print("one race:  ", one)
print("two races: ", two)
assert "10" in repeat, "the map does not allow several races now"
assert none == one == "True", "the rest of the file is not valid any more"
assert two.startswith("IndexError"), "two races are judged now"
PYTHON
