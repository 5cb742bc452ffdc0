#!/usr/bin/env bash
# linuxforhealth-x12 on an X12 834 with INS08 "AC" (active), beside pyx12.
#
# Expected: a file that follows 005010X220A1 is read. INS08 "AC" is what the subscriber of an individual policy gets (CMS
# X12 834 companion guide 7.2), and the map of pyx12 has it among the codes of INS08.
#
# What happens: the model lists seven employment statuses, AC is none of them, and the whole file is refused. The other
# codes are those of group coverage, so an individual enrollment has no right value to give. Besides, the package
# asks for no upper version of pydantic and cannot be imported with version 2, which pip chooses.
#
# Where it bites: it is the one Python package that turns an 834 into pydantic models, and it reads nothing of what
# the exchanges send.
set -euo pipefail

FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
python3 -m venv "$FOLDER/venv"
"$FOLDER/venv/bin/pip" install --quiet --disable-pip-version-check "linuxforhealth-x12==0.57.0" "pydantic==2.14.3" "pyx12==4.0.0"
imported=$("$FOLDER/venv/bin/python" -c "import linuxforhealth.x12.io" 2>&1 | grep -o "PydanticImportError" | head -1 || true)
echo "imported with pydantic 2: ${imported:-yes}"
[ -n "$imported" ] || { echo "it can be imported with pydantic 2 now" >&2; exit 1; }
"$FOLDER/venv/bin/pip" install --quiet --disable-pip-version-check "pydantic==1.10.27"

"$FOLDER/venv/bin/python" - <<'PYTHON'
import io
from importlib.metadata import version

from linuxforhealth.x12.io import X12ModelReader
from pydantic import ValidationError
from pyx12.params import params
from pyx12.x12n_document import x12n_document

# one made-up person
SEGMENTS = [
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260520*1200*^*00501*000000001*1*T*:",
    "GS*BE*SENDER*RECEIVER*20260520*1200*1*X*005010X220A1",
    "ST*834*0001*005010X220A1",
    "BGN*00*1001*20260520*1200*CT***2",
    "N1*P5*SAMPLE ADA*94*1001",
    "N1*IN*SAMPLE CARRIER*XV*12345",
    "INS*Y*18*021*EC*A***{status}",
    "REF*0F*1001",
    "DTP*356*D8*20260601",
    "NM1*IL*1*SAMPLE*ADA",
    "N3*200 MODEL ST",
    "N4*CHICAGO*IL*60601",
    "DMG*D8*19870614*F",
    "HD*021**HLT",
    "DTP*348*D8*20260601",
    "SE*14*0001",
    "GE*1*1",
    "IEA*1*000000001",
]


def read(status: str) -> str:
    text = "~".join(SEGMENTS).format(status=status) + "~"
    try:
        with X12ModelReader(text) as reader:
            return f"{len(list(reader.models()))} model"
    except ValidationError as error:
        return str(error.errors()[0]["loc"])


def judge(status: str) -> bool | None:
    return x12n_document(params(), io.StringIO("~\n".join(SEGMENTS).format(status=status) + "~\n"), None, None, None)


print("linuxforhealth-x12", version("linuxforhealth-x12"), "pydantic", version("pydantic"), "pyx12", version("pyx12"))
active, full_time = read("AC"), read("FT")
print("INS08 AC:", active, "; pyx12 says", judge("AC"))
print("INS08 FT:", full_time, "; pyx12 says", judge("FT"))
assert judge("AC") and judge("FT"), "pyx12 judges otherwise now"
assert full_time == "1 model", "the rest of the file is not read any more"
assert "employment_status_code" in active, "AC is read now"
PYTHON
