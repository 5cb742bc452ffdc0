"""Proof of the life event after submission (rules.md 1)."""

from typing import Any

from suite.enrollment.v1 import application_pb2 as pb

from tests.unit.services.enrollment.contract.test_enrollment_cancellation import cancel, coming


def actions(office: Any, app: pb.Application) -> list[str]:
    return [row.action for row in office.work.audit if row.subject == app.record_number]


def test_a_submission_with_a_life_event_asks_for_its_proof_within_thirty_days(office: Any) -> None:
    app = office.complete()
    assert (list(app.proofs_asked), app.document_due_on) == (["birth_certificate"], "")
    done = office.submit(app)
    assert (list(done.proofs_asked), done.document_due_on) == (["birth_certificate"], "2026-06-19")


def test_open_enrollment_asks_for_none(office_on: Any, make: Any) -> None:
    office = office_on("2026-11-23")
    app = office.save(office.start(), general=make.general(sep=False))
    assert (list(app.proofs_asked), app.document_due_on) == ([], "")


def test_the_first_document_ends_the_wait_and_each_stands_in_the_timeline(office: Any) -> None:
    done = office.submit(office.complete())
    for message in ("m-1", "m-1", "m-2"):
        office.on_proof_added("queue", message, done.record_number, "birth_certificate")
    after = office.get(done)
    assert (after.status, after.document_due_on) == (pb.APPLICATION_STATUS_SUBMITTED, "")
    assert after.version == done.version + 1
    assert actions(office, done).count("proof.added") == 2


def test_proof_of_an_unknown_application_is_let_go(office: Any) -> None:
    office.on_proof_added("queue", "m-1", "A-9999", "birth_certificate")
    assert not office.work.audit


def test_a_cancelled_application_waits_for_no_proof(office: Any) -> None:
    done = coming(office)
    assert done.document_due_on
    office.clock.set_day("2026-05-21")
    assert cancel(office, done).document_due_on == ""
