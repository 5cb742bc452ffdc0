"""Our own checks: a failing file for each of them, made from a good one by one edit."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from chassis.kernel import Money
from services.documents.domain.edi import interchange_writer
from services.documents.domain.edi.carrier_profile import FieldGroup
from services.documents.domain.edi.enrollment import Maintenance, PolicyEnrollment
from services.documents.domain.edi.faults import Fault, FaultCode
from services.documents.domain.edi.file_checks import check_file
from services.documents.domain.edi.policy_checks import check_written
from services.documents.domain.edi.transaction_set import write_transaction
from tests.unit.services.documents.policies import ADA, BEGIN, BEN, PROFILE, WRITTEN_AT, make_policy, write

CASES = Path(__file__).with_name("cases")
# The files of ``cases`` and what is wrong with each; its README says which of them a validator of X12 finds.
JUDGED = {
    "good": None,
    "bad_date": FaultCode.IMPOSSIBLE_DATE,
    "bad_reason": FaultCode.MAINTENANCE_CODE,
    "bad_rel": FaultCode.RELATIONSHIP,
    "no_348": FaultCode.COVERAGE_DATE,
    "no_le": FaultCode.CATEGORY_LOOP,
    "no_ref0f": FaultCode.SUBSCRIBER_ID,
    "premium_sum": FaultCode.PREMIUM_SUM,
    "two_subs": FaultCode.SUBSCRIBER_COUNT,
    "wrong_count": FaultCode.WRONG_COUNT,
}
GOOD = write([make_policy(), make_policy(control_number=1002)])
ENDED = write([make_policy(maintenance=Maintenance.CANCELLATION, reason="voluntary", effective_on=BEGIN)])


def edit(pattern: str, new: str, text: str = GOOD, count: int = 1) -> str:
    """With the number of segments mended, so that the edit is the only fault."""
    edited, times = re.subn(pattern, new, text, count=count)
    assert times, pattern
    parts = re.split(r"(?=ST\*)|(?=GE\*)", edited)
    return "".join(re.sub(r"SE\*\d+\*", f"SE*{part.count('~')}*", part) for part in parts)


FAULTY: dict[FaultCode, list[str]] = {
    FaultCode.UNREADABLE: ["", "Dear carrier", GOOD[:-1], edit("~GS", "~" + "A" * 11_000 + "~GS")[: 106 + 10_500]],
    FaultCode.NOT_ASCII: [edit("SAMPLE", "SÁMPLE")],
    FaultCode.UNCLOSED: [edit(r"IEA.*~", ""), edit(r"GE\*2.*?~", ""), edit(r"SE\*\d+\*1001~", "")],
    FaultCode.STRAY_SEGMENT: [edit("~GE", "~REF*0F*1~GE"), edit(r"GS.*?~", ""), GOOD + "GE*1*501~"],
    FaultCode.UNKNOWN_SEGMENT: [edit(r"N3\*220", "N3*22~0")],
    FaultCode.TOO_MANY_ELEMENTS: [edit(r"N3\*220 MODEL DR", "N3*220*MODEL*DR")],
    FaultCode.WRONG_COUNT: [
        GOOD.replace("SE*", "SE*1"),
        edit(r"GE\*2", "GE*3"),
        edit(r"IEA\*1", "IEA*2"),
        edit(r"QTY\*TO\*3", "QTY*TO*4"),
        edit(r"QTY\*DT\*2", "QTY*DT*3"),
        edit(r"QTY\*TO\*3~", ""),
    ],
    FaultCode.CONTROL_NUMBER: [
        edit(r"(SE\*\d+)\*1001", r"\1*1009"),
        edit(r"GE\*2\*501", "GE*2*502"),
        edit(r"IEA\*1\*000000007", "IEA*1*000000008"),
        edit("1001", "A1001", count=9),
    ],
    FaultCode.REPEATED_CONTROL_NUMBER: [edit("1002", "1001", count=9), GOOD + GOOD],
    FaultCode.SUBSCRIBER_COUNT: [
        edit(r"INS\*N\*01", "INS*Y*18"),
        edit(r"INS\*Y", "INS*N"),
        edit(r"INS\*Y\*18", "INS*Y*19"),
    ],
    FaultCode.SUBSCRIBER_ID: [
        edit(r"REF\*0F\*1243~", ""),
        edit(r"REF\*0F\*1243", "REF*0F*1244"),
        edit(r"REF\*0F\*1243~", "REF*0F*1243~REF*0F*1243~"),
    ],
    FaultCode.POLICY_ID: [edit(r"REF\*1L.*?~", ""), edit(r"REF\*1L\*A0638M", "REF*1L*A0639M")],
    FaultCode.RELATIONSHIP: [edit(r"INS\*N\*01", "INS*N*77"), edit(r"INS\*N\*01", "INS*N*18")],
    FaultCode.MAINTENANCE_CODE: [
        edit(r"\*021\*EC\*", "*021*ZZ*"),
        edit(r"\*021\*EC\*", "*022*EC*"),
        edit(r"\*021\*EC\*", "*021**"),
    ],
    FaultCode.IMPOSSIBLE_DATE: [edit("20261115", "20261332"), edit(r"D8\*20261201", "D8*2026121")],
    FaultCode.FIRST_DAYS: [edit(r"DTP\*356\*D8\*20261201", "DTP*356*D8*20261202"), edit(r"DTP\*356.*?~", "")],
    FaultCode.LAST_DAY: [edit(r"(DTP\*356.*?~)", r"\1DTP*357*D8*20271231~"), edit(r"DTP\*357.*?~", "", ENDED)],
    FaultCode.COVERAGE_DATE: [edit(r"DTP\*348.*?~", ""), edit(r"HD\*021\*\*HLT~", "")],
    FaultCode.ENDED_COVERAGE: [edit(r"(DMG.*?~)", r"\1HD*024**HLT~DTP*349*D8*20261201~", ENDED)],
    FaultCode.PREMIUM_SUM: [
        edit("1080.30", "999.99"),
        edit("420.10", "420.11"),
        edit("420.10", "MUCH"),
        edit("PRE AMT TOT", "TOT RES AMT"),
    ],
    FaultCode.CATEGORY_LOOP: [
        edit(r"LE\*2700~", ""),
        edit(r"LE\*2700~", "LE*2710~"),
        edit(r"LS\*2700~", "LS*2700~LS*2700~"),
    ],
    FaultCode.DUMMY_NUMBER: [
        edit("219099999", "999999999"),
        edit("3125550142", "5555555555"),
        edit(r"\*60601", "*11111"),
    ],
    FaultCode.HEADER_LENGTH: [
        GOOD.replace("PRODUCERPORTAL *", "PRODUCERPORTAL*"),
        GOOD.replace("*00501*", "*005010*"),
        GOOD + GOOD.replace("PRODUCERPORTAL *", "PRODUCERPORTAL*"),
    ],
}


@pytest.mark.parametrize("name", JUDGED)
def test_each_case_is_judged_for_its_fault(name: str) -> None:
    found = {fault.code for fault in check_file([(CASES / f"{name}.834").read_text()])}
    assert JUDGED[name] in found if JUDGED[name] else not found


def test_every_case_has_its_verdict() -> None:
    assert {path.stem for path in CASES.glob("*.834")} == set(JUDGED)


@pytest.mark.parametrize("text", [GOOD, ENDED, GOOD.replace("~", "~\r\n"), GOOD.replace("~", "~\n") + "\n"])
def test_what_is_written_has_no_fault(text: str) -> None:
    assert list(check_file([text])) == []


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in FAULTY.items() for text in texts])
def test_a_faulty_file_is_found(code: FaultCode, text: str) -> None:
    assert code in {fault.code for fault in check_file([text])}


def test_every_check_has_a_failing_file() -> None:
    of_the_writer = {FaultCode.UNWRITABLE, FaultCode.READ_BACK}
    assert set(FAULTY) == set(FaultCode) - of_the_writer


@pytest.mark.parametrize("size", [1, 7, 105, 106, 4096])
def test_a_file_reads_the_same_in_parts_of_any_size(size: int) -> None:
    text = edit("420.10", "420.11")
    parts = (text[place : place + size] for place in range(0, len(text), size))
    assert list(check_file(parts)) == list(check_file([text])) != []


def test_a_fault_names_its_transaction_and_no_value_of_a_person() -> None:
    broken = GOOD.replace("1080.30~DTP", "1.00~DTP").replace("220 MODEL", "220~SAMPLE")
    found = list(check_file([edit("219099999", "999999999", broken)]))
    assert {fault.transaction for fault in found} == {"1001", "1002"}
    assert not re.search(r"999|SAM|1080", "".join(fault.message for fault in found))


IN_MEMBER_1, IN_MEMBER_2 = "member 1 (124301)", "member 2 (124302)"


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        (
            "bad_date",
            FaultCode.IMPOSSIBLE_DATE,
            f"segment 22, loop 2300, {IN_MEMBER_1}: DTP03 is a date that does not exist",
        ),
        ("bad_reason", FaultCode.MAINTENANCE_CODE, f"{IN_MEMBER_1}: INS03 or INS04 is no code of the 834"),
        ("bad_rel", FaultCode.RELATIONSHIP, f"{IN_MEMBER_2}: INS02 is no relationship"),
        ("no_348", FaultCode.COVERAGE_DATE, f"{IN_MEMBER_1}: DTP 348 of loop 2300 is missing"),
        ("no_le", FaultCode.CATEGORY_LOOP, f"{IN_MEMBER_1}: LS and LE of loop 2700 are no pair"),
        ("no_ref0f", FaultCode.SUBSCRIBER_ID, f"{IN_MEMBER_1}: needs one REF 0F, the same as all other members"),
        (
            "two_subs",
            FaultCode.SUBSCRIBER_COUNT,
            f"{IN_MEMBER_1} and {IN_MEMBER_2} are subscribers (INS01 Y), and one alone can be",
        ),
        ("wrong_count", FaultCode.WRONG_COUNT, "SE01 is not 97, the number of segments"),
    ],
)
def test_a_fault_says_where_it_is(name: str, code: FaultCode, message: str) -> None:
    found = check_file([(CASES / f"{name}.834").read_text()])
    assert Fault(code, message, "0001") in list(found)


def test_every_fault_names_a_segment_an_element_or_a_member() -> None:
    """What concerns the whole file, such as that it is no X12, has no place in it."""
    whole = {FaultCode.UNREADABLE, FaultCode.HEADER_LENGTH}
    placed = re.compile(r"segment \d|member \d|[A-Z]{2,3}(0\d)? |outside of a group|no member is|character \d")
    for code in set(FAULTY) - whole:
        for text in FAULTY[code]:
            assert [fault.message for fault in check_file([text]) if not placed.search(fault.message)] == []


@pytest.mark.parametrize(
    ("pattern", "new", "where"),
    [
        (r"(N1\*P5.*?~)", r"\1DTP*007*D8*20261332~", "segment 6, loop 1000A: DTP03"),
        ("20261115", "20261332", "loop 2100A, member 3 (124303): DMG02"),
        (r"(N1\*75\*PRE AMT 1~.*?~DTP\*007\*D8\*)\d+", r"\g<1>20261332", f"loop 2750, {IN_MEMBER_1}: DTP03"),
        # nine digits may be a social security number
        (r"REF\*17\*124301(.*?)D8\*20261201", r"REF*17*219099999\1D8*20261332", "loop 2000, member 1: DTP03"),
    ],
)
def test_an_impossible_date_is_found_in_every_loop(pattern: str, new: str, where: str) -> None:
    [fault] = [one for one in check_file([edit(pattern, new)]) if one.code is FaultCode.IMPOSSIBLE_DATE]
    assert f"{where} is a date that does not exist" in fault.message
    assert "2026133" not in fault.message and "219" not in fault.message


@pytest.mark.parametrize(
    ("pattern", "new"),
    [
        (r"\*1\*SAMPLE\*ADA", "*1*SAM*PLE*ADA"),
        (r"\*18\*021\*EC", "*18*021*AI"),
        ("19880114", "19880115"),
        (r"REF\*17\*124302", "REF*17*124303"),
        ("12345IL099000600", "12345IL099000601"),
        (r"INS\*N\*19.*?(?=SE\*)", ""),
        ("P-774", "P*774"),
        (r"LX\*1~NM1\*P3.*?(?=LS)", ""),
    ],
)
def test_a_transaction_that_reads_otherwise_than_meant_is_found(pattern: str, new: str) -> None:
    policy = make_policy()
    profile = replace(PROFILE, sends=PROFILE.sends | {FieldGroup.PROVIDER})
    text = "".join(write_transaction(profile, policy, WRITTEN_AT))
    assert check_written(profile, policy, text) == ()
    found = {fault.code for fault in check_written(profile, policy, edit(pattern, new, text))}
    assert FaultCode.READ_BACK in found


def test_a_premium_that_is_not_the_sum_of_its_parts_stays_out_of_the_file() -> None:
    aside: list[tuple[PolicyEnrollment, tuple[Fault, ...]]] = []
    policy = make_policy(premium=Money(99999))
    assert write([policy], set_aside=aside) == ""
    assert [fault.code for _, faults in aside for fault in faults] == [FaultCode.PREMIUM_SUM]


def test_two_subscribers_stay_out_of_the_file() -> None:
    aside: list[tuple[PolicyEnrollment, tuple[Fault, ...]]] = []
    two = make_policy(members=(ADA, replace(BEN, relationship=ADA.relationship)))
    write([two], set_aside=aside)
    assert FaultCode.SUBSCRIBER_COUNT in {fault.code for _, faults in aside for fault in faults}


def test_without_the_checks_it_would_be_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interchange_writer, "check_written", lambda *_: ())
    assert "999.99" in write([make_policy(premium=Money(99999))])
