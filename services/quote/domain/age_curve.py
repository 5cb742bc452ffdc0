"""Domain: rates of ages that a carrier did not publish, by the age curve of its state (45 CFR 147.102(d), (e)).

The published amounts of a plan in a rating area are one base times the curve, each rounded to the cent. Together they
leave a narrow range for the unrounded base; its middle times the curve gives the ages between. Each filed age worked
out from the six others in this way hits the published cent in 93 % of 7,084 amounts (landscapes of 2014 and 2015) and
is a cent off in the rest; from the nearest age alone it hits in 74 %. So a derived rate says that it is one, and never
takes the place of a published one.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

# The age curve: thousandths of the rate at 21, by age from 0 to 64; 64 stands for all older ones.
AgeCurve = Mapping[int, int]
Band = tuple[int, int]
"""First and last age, inclusive."""

LAST_CURVE_AGE = 64
# How far in cents a published amount may be from the exact one: rounded to the nearest cent, or cut off or up.
ROUNDINGS = (Fraction(1, 2), Fraction(1))


def derive_rates(filed: Mapping[Band, int], curve: AgeCurve, last_age: int) -> dict[Band, int]:
    """Cents of the ages that are not in ``filed``, the last band up to ``last_age``.

    None at all where the filed ones do not follow the curve: what the carrier asks at other ages is not known then.
    """
    base = _base(filed, curve)
    if base is None:
        return {}
    known = {age for first, last in filed for age in range(first, last + 1)}
    missing = [(age, age) for age in range(LAST_CURVE_AGE) if age not in known]
    if LAST_CURVE_AGE not in known:
        missing.append((LAST_CURVE_AGE, last_age))
    return {band: _to_cents(base * _factor(curve, band[0])) for band in missing}


def _base(filed: Mapping[Band, int], curve: AgeCurve) -> Fraction | None:
    """Cents of a thousandth of the curve, unrounded: the middle of what all published amounts allow."""
    amounts = [(cents, curve[band[0]]) for band, cents in filed.items() if _is_level(curve, band)]
    for rounding in ROUNDINGS if amounts else ():
        lowest = max((cents - rounding) / factor for cents, factor in amounts)
        highest = min((cents + rounding) / factor for cents, factor in amounts)
        if lowest <= highest:
            return (lowest + highest) / 2
    return None


def _is_level(curve: AgeCurve, band: Band) -> bool:
    """Whether the curve is the same for all ages of a band; "0-20" says nothing about a curve that rises from 15 on."""
    return len({_factor(curve, age) for age in range(band[0], band[1] + 1)}) == 1


def _factor(curve: AgeCurve, age: int) -> int:
    return curve[min(age, LAST_CURVE_AGE)]


def _to_cents(exact: Fraction) -> int:
    """Half a cent goes up."""
    return int(exact + Fraction(1, 2))
