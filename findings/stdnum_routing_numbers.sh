#!/usr/bin/env bash
# python-stdnum on US bank routing numbers (stdnum.us.rtn).
#
# Expected: as its neighbours for US numbers refuse what was never assigned (stdnum.us.ein knows the prefixes that the
# IRS gives out, stdnum.us.ssn refuses 000 and 666), is_valid refuses a routing number whose first two digits no bank has.
# The American Bankers Association assigned 00-12, 21-32, 61-72 and 80.
#
# What happens: it looks at length and check digit alone. A number with every prefix from 00 to 99 is valid, and so is
# 000000000, because the weighted sum of nothing but zeros ends in 0.
#
# Where it bites: a payment form. Zeros typed to get past the field are handed to the processor as a bank, and the payer
# hears of it days later from a returned debit.
set -euo pipefail

FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
python3 -m venv "$FOLDER/venv"
"$FOLDER/venv/bin/pip" install --quiet --disable-pip-version-check "python-stdnum==2.2"

"$FOLDER/venv/bin/python" - <<'PYTHON'
import stdnum
from stdnum.us import ein, rtn, ssn

assigned = {*range(13), *range(21, 33), *range(61, 73), 80}
taken = {prefix for prefix in range(100) for digit in range(10) if rtn.is_valid(f"{prefix:02d}000000{digit}")}

print("python-stdnum", stdnum.__version__)
print("ein.is_valid('00-0000000')  ", ein.is_valid("00-0000000"))
print("ssn.is_valid('000-00-0000') ", ssn.is_valid("000-00-0000"))
print("rtn.is_valid('000000000')   ", rtn.is_valid("000000000"))
print(f"prefixes assigned: {len(assigned)}; prefixes with a number that rtn takes: {len(taken)}")

assert not ein.is_valid("00-0000000") and not ssn.is_valid("000-00-0000"), "the neighbours behave otherwise now"
assert rtn.is_valid("000000000") and taken == set(range(100)), "rtn looks at the prefix now"
PYTHON
