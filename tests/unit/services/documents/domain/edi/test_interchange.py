"""The file of a carrier and day: envelope, groups by plan, and what is held in memory."""

from __future__ import annotations

from collections.abc import Iterator

from services.documents.domain.edi.enrollment import InsuranceLine, PolicyEnrollment
from services.documents.domain.edi.envelope import ISA_LENGTH
from services.documents.domain.edi.interchange_writer import InterchangeWriter, PlanGroup
from tests.unit.services.documents.policies import (
    DENTAL_PLAN,
    MEDICAL_PLAN,
    PROFILE,
    WRITTEN_AT,
    make_policy,
    segments_of,
    write,
)


def dental(control_number: int) -> PolicyEnrollment:
    return make_policy(control_number=control_number, plan_id=DENTAL_PLAN, line=InsuranceLine.DENTAL)


def test_the_interchange_header_has_106_characters_and_every_delimiter_in_its_place() -> None:
    header = write([make_policy()])[:ISA_LENGTH]
    assert header == (
        "ISA*00*          *00*          *ZZ*PRODUCERPORTAL *ZZ*12345          *261128*1200*^*00501*000000007*1*T*:~"
    )
    assert len(header) == 106
    assert write([make_policy()])[ISA_LENGTH:].startswith("GS*BE*")


def test_medical_and_dental_are_groups_of_their_own() -> None:
    text = write([make_policy(), dental(1002), make_policy(control_number=1003)])
    assert segments_of(text, "GS") == [
        f"GS*BE*PORTAL*{MEDICAL_PLAN}*20261128*1200*501*X*005010X220A1",
        f"GS*BE*PORTAL*{DENTAL_PLAN}*20261128*1200*502*X*005010X220A1",
    ]
    assert segments_of(text, "GE") == ["GE*2*501", "GE*1*502"]
    assert segments_of(text, "IEA") == ["IEA*2*000000007"]
    assert [one.split("*")[2] for one in segments_of(text, "ST")] == ["1001", "1003", "1002"]
    assert set(segments_of(text, "HD")) == {"HD*021**HLT", "HD*021**DEN"}


def test_a_transaction_counts_its_segments() -> None:
    text = write([make_policy()])
    body = text[text.index("ST*") : text.index("GE*")]
    assert segments_of(text, "SE") == [f"SE*{len(body.split('~')) - 1}*1001"]


def test_a_day_without_policies_is_no_file() -> None:
    assert write([]) == ""


def test_a_plan_whose_policies_all_stay_out_has_no_group() -> None:
    unwritable = make_policy(state="陳")
    text = write([unwritable, dental(1002)])
    assert segments_of(text, "IEA") == ["IEA*1*000000007"]
    assert MEDICAL_PLAN not in text


def test_one_policy_is_read_for_each_part_that_is_written() -> None:
    read = 0

    def policies() -> Iterator[PolicyEnrollment]:
        nonlocal read
        for number in range(1001, 2001):
            read += 1
            yield make_policy(control_number=number)

    parts = InterchangeWriter(PROFILE, WRITTEN_AT, lambda *_: None).write(7, [PlanGroup(1, MEDICAL_PLAN, policies())])
    heads = next(parts), next(parts), next(parts)
    assert read == 1, "two headers and the first transaction"
    assert heads[2].startswith("ST*834*1001*")
    next(parts)
    assert read == 2
