"""How long the gateway waits for each rpc."""

from __future__ import annotations

from chassis.rpc.client import DEADLINE_SECONDS
from gateway.edge import call_deadlines
from gateway.edge.call_deadlines import deadline_of
from gateway.edge.rpcs import DOCUMENTS, ENROLLMENT, PAYMENT, PCP, QUOTE
from services.enrollment.usecases.submit_application import PATIENCE_SECONDS


def test_every_name_of_the_table_is_an_rpc_of_one_service() -> None:
    for name in call_deadlines._SECONDS:
        assert sum(name in service for service in (QUOTE, ENROLLMENT, PCP, PAYMENT, DOCUMENTS)) == 1, name


def test_submission_is_waited_for_longer_than_it_waits_for_its_outcome() -> None:
    assert deadline_of(ENROLLMENT["SubmitApplication"]) > PATIENCE_SECONDS


def test_a_change_of_plans_is_checked_with_the_same_patience_from_page_and_api() -> None:
    assert deadline_of(ENROLLMENT["CheckPlanChange"]) == deadline_of(ENROLLMENT["SaveStep"]) > DEADLINE_SECONDS


def test_other_calls_end_where_a_person_would_give_up() -> None:
    assert deadline_of(PCP["SearchProviders"]) == DEADLINE_SECONDS
