"""What holds of the stored rows after every act, and of every refusal."""

from __future__ import annotations

from collections import Counter
from typing import Any

from chassis.error_mapping import mapping_of
from chassis.kernel import DomainError
from services.enrollment.events.outgoing import CANCELLED, CONTACT_CHANGED, SUBMITTED, TERMINATED
from tests.integration.application_machine.harness import Row, Snapshot
from tests.integration.application_machine.step_contents import TYPED

CHANGEABLE = ("incomplete", "failed")


def hold(now: Snapshot) -> None:
    """Raises AssertionError that names the law."""
    _nothing_typed_got_out(now)
    _each_outcome_is_told_once(now)
    people: dict[str, list[Row]] = {}
    for row in now.rows("person"):
        people.setdefault(row["record_number"], []).append(row)
    apps = now.rows("application")
    assert len({app["number"] for app in apps}) == len(apps), "record numbers are unique"
    for app in apps:
        own = sorted(people.get(app["record_number"], []), key=lambda row: int(row["position"]))
        _household_is_whole(app, own)
        _figures_follow(app)
        _status_is_of_a_piece(app)


def _nothing_typed_got_out(now: Snapshot) -> None:
    for table in ("audit", "inbox", "idempotency"):
        _clean(str(now.rows(table)), table)
    for row in now.rows("outbox"):
        _clean(bytes.fromhex(row["body"].removeprefix("\\x")).decode() + str(row["headers"]), "outbox")


def _clean(text: str, where: str) -> None:
    # a birth date can be told by a test, but may equal none of the dates of coverage: all of those are later
    found = [typed for typed in TYPED if typed in text]
    assert not found, f"{where} holds what was typed: {found}"


def _each_outcome_is_told_once(now: Snapshot) -> None:
    told = Counter((row["type"], row["subject"]) for row in now.rows("outbox"))
    for app in now.rows("application"):
        number, sent = app["record_number"], app["status"] in ("submitted", "cancelled")
        assert told[SUBMITTED, number] == int(sent), "a submitted application is published once, and no other is"
        cancelled = int(app["status"] == "cancelled")
        assert told[CANCELLED, number] == cancelled, "a cancelled application is published once, and no other is"
        assert told[TERMINATED, number] == len(app["terminations"]), "each end of coverage is published once"
        changes = app["contact_change"]["number"] if app["contact_change"] else 0
        assert told[CONTACT_CHANGED, number] == changes, "each change of contact details is published once"


def _household_is_whole(app: Row, people: list[Row]) -> None:
    assert [row["position"] for row in people] == list(range(len(people))), "people stand at 0, 1, 2, ..."
    selves = [row["position"] for row in people if row["relationship"] == "self"]
    assert selves == ([0] if people else []), "the primary applicant stands first, alone"
    assert len(people) <= 20, "R61"
    assert [row["relationship"] for row in people].count("spouse") <= 1, "R59"
    numbers = [row["ssn_index"] for row in people if row["ssn_index"]]
    assert len(set(numbers)) == len(numbers), "two people never have one social security number"
    for row in people:
        assert bool(row["ssn"]) == bool(row["ssn_index"]) == bool(row["ssn_last_four"]), "a number is sealed whole"
    answers = [*app["plans"]["pcp_choices"], *app["other_coverage"]["replaced"], *app["other_coverage"]["others"]]
    for one in answers:
        assert 0 <= one["member_index"] < len(people), "an answer is about somebody who is there"
    chosen = [one["member_index"] for one in app["plans"]["pcp_choices"]]
    assert len(set(chosen)) == len(chosen), "one provider for each person"


def _figures_follow(app: Row) -> None:
    lines = app["plan_lines"]
    total = sum(_cents(line["monthly_premium"]) for line in lines) if lines else None
    assert app["premium_cents"] == total, "the premium is the sum of the plans"
    for line in lines:
        each = sum(_cents(one["monthly_premium"]) for one in line["members"])
        assert each == _cents(line["monthly_premium"]), "a plan's premium is the sum of its people"
    start = app["start"]
    assert app["effective_date"] == (start["date"] if start else app["provisional_date"]), "the list shows the date"
    given = {(one["kind"], one["person_id"]) for one in app["acceptances"]}
    changes = app["contact_change"]["number"] if app["contact_change"] else 0
    # of a new mobile number and of a new email address
    assert len(given) <= len(app["acceptances"]) <= len(given) + 2 * changes, (
        "one acceptance of each text by each person"
    )
    kinds = {kind for kind, _ in given}
    attested, agreed = app["plans"]["pediatric_dental_attested"], app["signatures"]["consumer_choice_agreed"]
    assert attested == ("pediatric-dental" in kinds), "an attestation is an acceptance"
    assert agreed == ("consumer-choice" in kinds), "an agreed disclosure is an acceptance"
    assert not (attested and app["plans"]["dental_plan_id"]), "R65: never both"


def _status_is_of_a_piece(app: Row) -> None:
    status = app["status"]
    assert (status == "cancelled") == bool(app["cancellation"]), "who is cancelled says by whom"
    assert (status in ("submitted", "cancelled")) == (app["expires_on"] is None), "only what was sent never expires"
    assert not app["terminations"] or status == "submitted", "coverage ends, and the application stays submitted"
    assert not app["contact_change"] or status in ("submitted", "cancelled"), "only what was submitted is changed so"
    ended = [one["coverage"] for one in app["terminations"]]
    assert len(set(ended)) == len(ended), "coverage ends once"
    assert set(ended) <= {line["coverage"] for line in app["plan_lines"]}, "only coverage under a plan ends"
    if status in ("submitting", "submitted", "cancelled"):
        assert app["start"] and app["plan_lines"], "what is sent has a date and a price"
        assert app["attempt"] > 0, "what is sent was submitted"


def _cents(amount: Any) -> int:
    return int(amount["cents"]) if isinstance(amount, dict) else int(amount)


def refusal_is_sound(refusal: DomainError) -> None:
    """A door can answer it, and it says nothing that was typed."""
    assert mapping_of(refusal).http < 500 or mapping_of(refusal).transient, "no refusal is a 500"
    _clean(f"{refusal.message} {refusal.problems}", "a refusal")
    assert refusal.message, "a refusal says what to do"
    for problem in refusal.problems:
        assert problem.message, "a refusal says what to do"
