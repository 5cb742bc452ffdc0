"""Proof of the life event after submission (rules.md 1)."""

from collections.abc import Callable

from suite.enrollment.v1 import application_pb2 as pb

from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.contract.test_enrollment_cancellation import cancel, coming
from tests.unit.services.enrollment.harness import EnrollmentHarness


def actions(harness: EnrollmentHarness, app: pb.Application) -> list[str]:
    return [row.action for row in harness.work.audit if row.subject == app.record_number]


def test_a_submission_with_a_life_event_asks_for_its_proof_within_thirty_days(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    assert (list(app.proofs_asked), app.document_due_on) == (["birth_certificate"], "")
    done = harness.submit(app)
    assert (list(done.proofs_asked), done.document_due_on) == (["birth_certificate"], "2026-06-19")


def test_open_enrollment_asks_for_none(harness_on: Callable[[str], EnrollmentHarness]) -> None:
    harness = harness_on("2026-11-23")
    app = harness.save(harness.start(), general=samples.general(sep=False))
    assert (list(app.proofs_asked), app.document_due_on) == ([], "")


def test_the_first_document_ends_the_wait_and_each_stands_in_the_timeline(harness: EnrollmentHarness) -> None:
    done = harness.submit(harness.complete())
    for message in ("m-1", "m-1", "m-2"):
        harness.on_proof_added("queue", message, done.record_number, "birth_certificate")
    after = harness.get(done)
    assert (after.status, after.document_due_on) == (pb.APPLICATION_STATUS_SUBMITTED, "")
    assert after.version == done.version + 1
    assert actions(harness, done).count("proof.added") == 2


def test_the_timeline_names_proof_as_the_rules_do(harness: EnrollmentHarness) -> None:
    done = harness.submit(harness.complete())
    harness.on_proof_added("queue", "m-1", done.record_number, "adoption_papers")
    harness.on_proof_added("queue", "m-2", done.record_number, "other")
    told = [row.summary for row in harness.work.audit if row.action == "proof.added"]
    assert told == ["Proof added: Adoption or placement papers.", "Proof added: Other document."]


def test_proof_of_an_unknown_application_is_let_go(harness: EnrollmentHarness) -> None:
    harness.on_proof_added("queue", "m-1", "A-9999", "birth_certificate")
    assert not harness.work.audit


def test_a_cancelled_application_waits_for_no_proof(harness: EnrollmentHarness) -> None:
    done = coming(harness)
    assert done.document_due_on
    harness.clock.set_day("2026-05-21")
    assert cancel(harness, done).document_due_on == ""
