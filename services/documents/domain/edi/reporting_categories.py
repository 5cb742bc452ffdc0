"""Domain: what a transaction reports of a member in loops 2700 and 2750, each value under its own name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from services.documents.domain.edi.carrier_profile import CarrierProfile, ReportingCategory
from services.documents.domain.edi.enrollment import Maintenance, Member, PolicyEnrollment
from services.documents.domain.edi.segments import write_date, write_segment

LOOP = "2700"
# X12 has the exchange's rating areas as "R-IL001".
_AREA_DIGITS = 3


def write_categories(profile: CarrierProfile, policy: PolicyEnrollment, member: Member) -> Iterator[str]:
    """The loop, or nothing where there is nothing to report."""
    found = list(_values(profile, policy, member))
    if not found:
        return
    begins = write_segment("DTP", "007", "D8", write_date(policy.takes_effect_on))
    yield write_segment("LS", LOOP)
    for number, (name, qualifier, value) in enumerate(found, start=1):
        yield from _write_heading(number, name)
        yield write_segment("REF", qualifier, value)
        if name != ReportingCategory.SUBMITTED:
            yield begins
    yield write_segment("LE", LOOP)


# Nearly half of all segments of a file, and so few different ones: the names are those of the profiles.
@lru_cache(maxsize=1_000)
def _write_heading(number: int, name: str) -> tuple[str, str]:
    return write_segment("LX", str(number)), write_segment("N1", "75", name)


def _values(profile: CarrierProfile, policy: PolicyEnrollment, member: Member) -> Iterator[tuple[str, str, str]]:
    """Name, qualifier and value."""
    for category in profile.categories[policy.maintenance]:
        if member.is_subscriber or category in _OF_EVERY_MEMBER:
            qualifier, value_of = _CATEGORIES[category]
            if value := value_of(profile, policy, member):
                yield category, qualifier, value
    if member.is_subscriber and policy.maintenance is Maintenance.INITIAL:
        yield from ((own.name, own.qualifier, own.value) for own in profile.own_categories)


def _submitted(profile: CarrierProfile, policy: PolicyEnrollment, _: Member) -> str:
    at = policy.submitted_at.astimezone(profile.zone)
    return f"{at:%Y%m%d%H%M%S}{at.microsecond // 10_000:02d}"


def _member_premium(_: CarrierProfile, __: PolicyEnrollment, member: Member) -> str:
    return str(member.premium) if member.is_charged else ""


def _rating_area(_: CarrierProfile, policy: PolicyEnrollment, __: Member) -> str:
    """Rating area 1 is "R-IL001"."""
    return f"R-{policy.state}{policy.rating_area:0{_AREA_DIGITS}d}" if policy.rating_area else ""


def _maintenance_reason(profile: CarrierProfile, policy: PolicyEnrollment, member: Member) -> str:
    return profile.get_codes(policy, member).additional


_ValueOf = Callable[[CarrierProfile, PolicyEnrollment, Member], str]
_CATEGORIES: Mapping[ReportingCategory, tuple[str, _ValueOf]] = {
    ReportingCategory.SUBMITTED: ("17", _submitted),
    ReportingCategory.MEMBER_PREMIUM: ("9X", _member_premium),
    ReportingCategory.TOTAL_PREMIUM: ("9X", lambda _, policy, __: str(policy.premium)),
    # Off the exchange there is no tax credit in advance, so the member owes all of it.
    ReportingCategory.RESPONSIBLE_AMOUNT: ("9V", lambda _, policy, __: str(policy.premium)),
    ReportingCategory.RATING_AREA: ("9X", _rating_area),
    ReportingCategory.MAINTENANCE_REASON: ("17", _maintenance_reason),
    ReportingCategory.SEP_REASON: ("17", lambda profile, policy, _: profile.sep_reasons.get(policy.event, "")),
    ReportingCategory.EXCHANGE: ("17", lambda profile, policy, _: profile.exchange_id.format(state=policy.state)),
    ReportingCategory.APPLICATION: (
        "6M",
        lambda profile, policy, _: f"{policy.application_id}-{profile.application_origin}",
    ),
}
_OF_EVERY_MEMBER = {
    ReportingCategory.SUBMITTED,
    ReportingCategory.MEMBER_PREMIUM,
    ReportingCategory.MAINTENANCE_REASON,
    ReportingCategory.SEP_REASON,
    ReportingCategory.EXCHANGE,
    ReportingCategory.APPLICATION,
}
