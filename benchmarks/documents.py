"""``python -m benchmarks.documents``: processor time of an application's PDF beside a bare compile of the same page.

Bare: typst in this process, warm, with the form as JSON. Here: form, process, checks and all, as the service makes it;
the time of its typesetting process is added. Both make the same bytes, and take turns.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2, client_review_pb2
from suite.enrollment.v1 import records_pb2 as records
from suite.enrollment.v1 import steps_pb2 as pb

from benchmarks import targets
from benchmarks.measurement import Measured, print_targets
from chassis.kernel import get_markets
from services.documents.typesetting import sandbox_process
from services.documents.typesetting.carriers import read_carriers
from services.documents.typesetting.legal_texts import LegalTexts
from services.documents.typesetting.processes import TypesettingProcesses
from services.documents.typesetting.typesetter import TypstTypesetter

ROUNDS, DOCUMENTS = 7, 30
AT = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
TEXTS = ("terms", "replacement-rights", "electronic-delivery", "text-messages")
NAMES = ("Avery", "Blake", "Casey", "Devon")


class Applications:
    """Enrollment, with applications that are all different: typst remembers what it has set before."""

    def get_application(self, record_number: str) -> application_pb2.Application:
        return made_up_application(record_number)

    def get_review(self, _record_number: str, _review_id: str) -> client_review_pb2.GetReviewResponse:
        raise AssertionError("an application's PDF asks for no review")


class _Recorder:
    """Keeps what it is asked to typeset."""

    form: dict[str, Any]

    def typeset(self, _template: str, form: dict[str, Any], _at: datetime) -> bytes:
        self.form = {**form, "unprinted": ""}
        return b""


def main() -> Measured:
    processes, recorder = TypesettingProcesses(), _Recorder()
    ours, recording = (
        TypstTypesetter(read_carriers(), LegalTexts(), compiler, Applications()) for compiler in (processes, recorder)
    )

    def record(record_number: str) -> dict[str, Any]:
        recording.application(record_number, AT)
        return recorder.form

    def bare(form: dict[str, Any]) -> bytes:
        return sandbox_process._typst("application.typ", form, int(AT.timestamp()))

    def here(record_number: str) -> bytes:
        return ours.application(record_number, AT).content

    if bare(record("A-0")) != here("A-0"):
        raise SystemExit("the two sides do not make the same document")
    alone, service = list[float](), list[float]()
    for turn in range(ROUNDS):
        numbers = [f"A-{turn + 1}{place:03}" for place in range(DOCUMENTS)]
        forms = [record(number) for number in numbers]
        alone.append(_seconds(bare, forms))
        service.append(_seconds(here, numbers))
    processes.close()
    typst, whole = median(alone), median(service)
    print(
        f"an application's PDF: typst alone {typst * 1e3:.0f} ms, here {whole * 1e3:.0f} ms of processor time; "
        f"{typst / whole:.0%} of bare typst"
    )
    return {targets.DOCUMENT: typst / whole}


def _seconds(make: Callable[[Any], bytes], documents: Sequence[Any]) -> float:
    """Of one document: this process and the one that it started."""
    started = time.process_time() + _children_seconds()
    for one in documents:
        make(one)
    return (time.process_time() + _children_seconds() - started) / len(documents)


def _children_seconds() -> float:
    """Processor time of the processes that this one started and that still run."""
    ticks = os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    stats = (Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split() for child in children)
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / ticks


def made_up_application(record_number: str) -> application_pb2.Application:
    """A family of four with a medical and a dental plan; every person is made up."""
    state = get_markets().home.state
    relationships = (common.RELATIONSHIP_SELF, common.RELATIONSHIP_SPOUSE, *[common.RELATIONSHIP_CHILD] * 2)
    people = [
        pb.Person(
            first_name=name,
            last_name=f"Sample {record_number}",
            date_of_birth=f"{1986 + 12 * place}-04-0{place + 1}",
            relationship=relationship,
            sex=common.SEX_FEMALE,
            tobacco_use=False,
            person_id=f"p-{place}",
        )
        for place, (name, relationship) in enumerate(zip(NAMES, relationships, strict=True))
    ]
    accepted = [records.Acceptance(kind=kind, version="2026.1", person_id="p-0", recorded_by="a") for kind in TEXTS]
    for one in accepted:
        one.accepted_at.FromDatetime(AT.replace(tzinfo=None))
    return application_pb2.Application(
        record_number=record_number,
        client_app_id=606,
        state=state,
        submitted_on="2026-05-20",
        effective_date="2026-06-01",
        general=pb.GeneralStep(producer=common.Producer(writing_number="220002580", name="SAMPLE, PAT", state=state)),
        household=pb.HouseholdStep(
            form_type=pb.FORM_TYPE_MEDICAL_DENTAL,
            authorization=pb.AUTHORIZATION_IN_PERSON,
            terms_version="2026.1",
            people=people,
            home_address=pb.Address(
                street=f"{record_number[2:]} Example Street", city="Sampletown", state=state, zip="60601"
            ),
            contact=pb.Contact(phone="3125550100", phone_type="mobile", email="avery@example.com"),
        ),
        acceptances=accepted,
        other_coverage=pb.OtherCoverageStep(replaces_coverage=True, replacement_rights_shown=True),
        plan_lines=[_plan_line(common.COVERAGE_MEDICAL, 35_000), _plan_line(common.COVERAGE_DENTAL, 2_500)],
        signatures=pb.SignaturesStep(payment_choice=pb.PAYMENT_CHOICE_PAY_NOW),
    )


def _plan_line(coverage: common.Coverage.ValueType, cents: int) -> application_pb2.PlanLine:
    members = [
        application_pb2.PremiumLine(
            member_index=place,
            age=40 - 12 * place,
            monthly_premium=common.Money(cents=cents),
            explanation=f"Age {40 - 12 * place} on the effective date, rating area 1: rate as filed.",
        )
        for place in range(len(NAMES))
    ]
    return application_pb2.PlanLine(
        coverage=coverage,
        plan_id="12345XX9900001-00",
        name="Sample Plan",
        plan_type="HMO",
        metal_level="Silver",
        monthly_premium=common.Money(cents=cents * len(NAMES)),
        members=members,
    )


if __name__ == "__main__":
    from chassis.settings import load_markets

    load_markets()
    found = main()
    print_targets(found, found)
