"""What the client marks as wrong while reviewing an application by a link."""

from __future__ import annotations

import pytest
from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.kernel import Conflict, InvalidInput
from services.enrollment.domain import events
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.review_harness import by_review, opened, reviews


def test_a_remark_returns_the_application_with_the_step_and_field_to_correct(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    client = opened(harness, app)
    client.mark("person", "people[1].date_of_birth", "She was born on the 11th.", person=2)
    assert [list(one.remarks) for one in reviews(harness, app)] == [[]]  # still being written
    client.give_back()
    (review,) = reviews(harness, app)
    assert review.status == pb.REVIEW_STATUS_RETURNED
    (remark,) = review.remarks
    assert (remark.step, remark.field) == (2, "people[1].date_of_birth")
    assert harness.work.events[-1] == events.ReviewReturned(app.record_number, "IL", "220002580", review.review_id)
    assert all("11th" not in row.summary for row in harness.work.audit)
    with pytest.raises(Conflict) as refused:
        client.sign()
    assert refused.value.code == "review_answered"


def test_a_remark_replaces_the_one_on_the_same_field_and_an_empty_one_takes_it_back(
    harness: EnrollmentHarness,
) -> None:
    client = opened(harness, by_review(harness))
    client.mark("plans", "", "First.")
    assert [one.remark for one in client.mark("plans", "", "Second.").remarks] == ["Second."]
    assert list(client.mark("plans", "", "").remarks) == []
    with pytest.raises(Conflict) as refused:
        client.give_back()
    assert refused.value.code == "no_remarks"


@pytest.mark.parametrize(("section", "person", "field"), [("nothing", 0, ""), ("person", 3, ""), ("plans", 0, "ssn")])
def test_a_remark_on_what_was_not_shown_is_refused(
    harness: EnrollmentHarness, section: str, person: int, field: str
) -> None:
    client = opened(harness, by_review(harness))
    with pytest.raises(InvalidInput):
        client.mark(section, field, "Wrong.", person)


def test_of_an_application_that_was_submitted_meanwhile_nothing_is_marked_or_returned(
    harness: EnrollmentHarness,
) -> None:
    app = harness.complete()
    client = opened(harness, app)
    client.mark("plans", "", "Too dear.")
    assert not client.read().closed
    harness.submit(app)
    assert client.read().closed
    with pytest.raises(Conflict) as marked:
        client.mark("plans", "", "Far too dear.")
    with pytest.raises(Conflict) as returned:
        client.give_back()
    assert marked.value.code == returned.value.code == "already_submitted"


def test_nobody_signs_while_something_is_marked_as_wrong(harness: EnrollmentHarness) -> None:
    client = opened(harness, by_review(harness))
    client.mark("plans", "", "Too dear.")
    with pytest.raises(Conflict) as refused:
        client.sign()
    assert refused.value.code == "remarks_open"
