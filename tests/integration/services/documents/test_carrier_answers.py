"""A carrier's answers on PostgreSQL: they move the ledger, and nothing moves twice."""

from __future__ import annotations

import json
from dataclasses import replace

from sqlalchemy import select

from services.documents.domain.edi.acknowledgments import InterchangeAcknowledgment
from services.documents.domain.edi.enrollment import InsuranceLine, Maintenance
from services.documents.domain.edi.policy_ledger import NotSent, PolicyDifference
from services.documents.store.carrier_tables import (
    AnswerRow,
)
from services.documents.usecases.read_carrier_answers import ReadCarrierAnswers
from tests.integration.services.documents.carrier import (
    DAY,
    NEXT_DAY,
    Carrier,
    carrier,
    store,
)
from tests.unit.services.documents.carrier_files import acknowledgment, effectuation, ending, interchange, ta1, taken
from tests.unit.services.documents.policies import ADA, PROFILE

__all__ = ["carrier", "store"]


def test_acknowledgments_and_effectuation_move_the_ledger_and_tell_enrollment(carrier: Carrier) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    (written,) = carrier.write(PROFILE, DAY)
    (planned,) = written.interchange.transactions
    whole, group = carrier.numbers()
    policy = carrier.submissions.get_policy("", planned)
    answers = ta1(whole), acknowledgment(*taken(planned.control_number), group_number=group)
    assert carrier.read(answers[0]) is not None
    assert carrier.sent()[planned.control_number][2] == "received"
    carrier.read(*answers)
    assert carrier.sent()[planned.control_number][2] == "accepted"
    carrier.read(effectuation(policy))
    assert carrier.sent()[planned.control_number][2] == "effectuated"
    told = carrier.events()
    assert [json.loads(one)["decision"] for one in told] == [
        "CARRIER_DECISION_ACCEPTED",
        "CARRIER_DECISION_EFFECTUATED",
    ]
    assert all("A-0638" in one and "SAMPLE CARRIER" in one for one in told)
    assert all(word not in "".join(told) for word in ("ADA", "19880114", "219099999"))


def test_the_same_file_again_changes_nothing(carrier: Carrier) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    carrier.write(PROFILE, DAY)
    whole, group = carrier.numbers()
    answer = acknowledgment(group_number=group)
    assert carrier.read(ta1(whole), answer) is not None
    before = carrier.sent(), carrier.events()
    assert carrier.read(ta1(whole), answer) is None
    assert (carrier.sent(), carrier.events()) == before


def test_a_rejected_policy_goes_again_when_asked_for_and_under_another_number(carrier: Carrier) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    carrier.write(PROFILE, DAY)
    (number,) = carrier.sent()
    _, group = carrier.numbers()
    carrier.read(acknowledgment(*taken(number, "R"), group_number=group, code="R"))
    assert [one.count("REJECTED") for one in carrier.events()] == [1]
    carrier.later()
    assert not carrier.write(PROFILE, NEXT_DAY)
    (again,) = carrier.write(PROFILE, NEXT_DAY, with_rejected=True)
    assert [state for _, _, state in carrier.sent().values()] == ["rejected", "sent"]
    assert next(again.interchange.transactions).control_number > number


def test_what_fits_nothing_that_was_sent_is_kept_and_moves_nothing(carrier: Carrier) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    (written,) = carrier.write(PROFILE, DAY)
    (planned,) = written.interchange.transactions
    cheaper = replace(carrier.submissions.get_policy("", planned), members=(ADA,), premium=ADA.premium)
    before = carrier.sent()
    judged = carrier.read(ta1(90_001), effectuation(cheaper))
    assert judged is not None
    (unknown,), (difference,) = (one.entries for one in judged)
    assert isinstance(unknown, NotSent)
    assert isinstance(unknown.answer, InterchangeAcknowledgment)
    assert isinstance(difference, PolicyDifference)
    assert difference.fields == ("premium",)
    assert (carrier.sent(), carrier.events()) == (before, [])
    with carrier.store() as work:
        kept = list(work.session.execute(select(AnswerRow.kind, AnswerRow.entry).order_by(AnswerRow.place)))
    assert [kind for kind, _ in kept] == ["NotSent", "PolicyDifference"]
    assert kept[1].entry["fields"] == ["premium"]
    assert all(word not in str(kept) for word in ("ADA", "19880114"))


def test_another_carriers_answer_moves_nothing(carrier: Carrier) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    carrier.write(PROFILE, DAY)
    whole, _ = carrier.numbers()
    other = replace(PROFILE, name="another-carrier")
    judged = ReadCarrierAnswers(carrier.store, carrier.clock)(other, "0" * 64, [interchange(ta1(whole))])
    assert judged is not None
    assert isinstance(judged[0].entries[0], NotSent)


def test_a_carriers_own_cancellation_is_told_and_is_not_answered_with_another(carrier: Carrier) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    (written,) = carrier.write(PROFILE, DAY)
    (planned,) = written.interchange.transactions
    ended = replace(planned, maintenance=Maintenance.CANCELLATION, reason="voluntary")
    carrier.read(ending(carrier.submissions.get_policy("", ended)))
    assert carrier.sent()[planned.control_number][2] == "cancelled"
    assert ["CARRIER_DECISION_CANCELLED" in one and "59 CANCEL" in one for one in carrier.events()] == [True]
    carrier.cancel(638, day=NEXT_DAY)
    carrier.later()
    assert not carrier.write(PROFILE, NEXT_DAY)
