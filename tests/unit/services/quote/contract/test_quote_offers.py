"""Copies, requotes, share links, proposals and deliveries through the contract."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from suite.quote.v1 import quote_offers_pb2, quote_pb2, quote_service_pb2

from chassis.identity import Caller, CallerKind
from chassis.kernel import Conflict, FixedClock, InvalidInput, NotFound, NotReady, Unavailable
from services.quote.contract.service import QuoteContract
from services.quote.domain.catalogue import PlanOffering
from services.quote.domain.events import QuoteDelivered
from services.quote.domain.proposal_message import MESSAGES
from tests.access_rules import may_call
from tests.unit.services.quote.contract.conftest import DENTAL as DENTAL_PLAN
from tests.unit.services.quote.contract.conftest import Catalogues
from tests.unit.services.quote.contract.test_quote_records import (
    DELEGATE,
    DENTAL,
    ENROLLMENT,
    HMO,
    PRODUCER,
    STRANGER,
    create,
    select,
)

GATEWAY = Caller(CallerKind.SERVICE, "gateway")
KEY = "another-key-of-8"
UNFILED = "36096IL9900003-00"


def ask(contract: QuoteContract, rpc: str, caller: Caller = PRODUCER, **fields: Any) -> Any:
    file: Any = quote_offers_pb2 if hasattr(quote_offers_pb2, f"{rpc}Request") else quote_service_pb2
    return contract.handle(contract.descriptor.methods_by_name[rpc], getattr(file, f"{rpc}Request")(**fields), caller)


@pytest.fixture
def chosen(contract: QuoteContract) -> Any:
    return select(contract, create(contract).quote_id, medical_plan_id=HMO, dental_plan_id=DENTAL)


def shared(contract: QuoteContract, quote_id: str, caller: Caller = PRODUCER, **fields: Any) -> Any:
    return ask(contract, "CreateShareLink", caller, idempotency_key=KEY, quote_id=quote_id, **fields).link


def opened(contract: QuoteContract, link: Any) -> Any:
    return ask(contract, "OpenSharedQuote", GATEWAY, token=link.url.rsplit("/", 1)[1]).quote


def test_a_delegate_copies_a_quote_with_its_choice(contract: QuoteContract, chosen: Any, memory: Any) -> None:
    copy = ask(contract, "CopyQuote", DELEGATE, idempotency_key=KEY, quote_id=chosen.quote_id).quote
    assert (copy.medical, copy.members, copy.version) == (chosen.medical, chosen.members, 1)
    assert memory.kept[copy.quote_id].source_quote_id == chosen.quote_id
    last = memory.audit[-1]
    assert (last.actor, last.action, last.on_behalf_of) == ("delegate@example.com", "quote.copied", "220002580")


@pytest.mark.parametrize("caller", [STRANGER, ENROLLMENT])
def test_strangers_and_services_cannot_copy_a_quote(
    contract: QuoteContract, chosen: Any, memory: Any, caller: Caller
) -> None:
    fields = {"idempotency_key": KEY, "quote_id": chosen.quote_id}
    for rpc, more in (("CopyQuote", {}), ("Requote", {"effective_date": "2026-07-01"}), ("CreateShareLink", {})):
        with pytest.raises(NotFound):
            ask(contract, rpc, caller, **fields, **more)
    assert len(memory.kept) == 1 and not memory.links


def test_plan_without_a_filed_rate_cannot_be_selected(contract: QuoteContract, chosen: Any) -> None:
    with pytest.raises(Conflict) as refused:
        select(contract, chosen.quote_id, medical_plan_id=UNFILED)
    assert refused.value.code == "rate_not_filed"


def test_an_expired_quote_is_requoted_and_neither_copied_nor_changed(
    contract: QuoteContract, chosen: Any, memory: Any
) -> None:
    memory.kept[chosen.quote_id] = replace(memory.kept[chosen.quote_id], expired_at=FixedClock.at("2026-05-19").now())
    with pytest.raises(Conflict) as refused:
        ask(contract, "CopyQuote", idempotency_key=KEY, quote_id=chosen.quote_id)
    assert refused.value.code == "quote_expired"
    with pytest.raises(Conflict) as unselected:
        select(contract, chosen.quote_id, medical_plan_id=HMO)
    assert unselected.value.code == "quote_expired"
    answer = ask(contract, "Requote", idempotency_key=KEY, quote_id=chosen.quote_id, effective_date="2026-07-01")
    assert answer.quote.status == quote_pb2.QUOTE_STATUS_SELECTED


def test_a_requote_outside_the_plan_years_names_the_date(contract: QuoteContract, chosen: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask(contract, "Requote", idempotency_key=KEY, quote_id=chosen.quote_id, effective_date="2031-01-01")
    assert [problem.field for problem in refused.value.problems] == ["effective_date"]


def test_a_shared_quote_holds_first_names_and_ages_alone(contract: QuoteContract, chosen: Any) -> None:
    quote = opened(contract, shared(contract, chosen.quote_id))
    assert [(person.first_name, person.age) for person in quote.people] == [("Ann", 40)]
    assert [plan.selected for plan in quote.plans] == [True, True, False]
    assert quote.monthly_premium == chosen.monthly_premium
    for hidden in ("Example", "1986", "60601", "17031", "tobacco"):
        assert hidden not in str(quote)


def test_the_same_key_gives_the_same_link(contract: QuoteContract, chosen: Any, memory: Any) -> None:
    assert shared(contract, chosen.quote_id) == shared(contract, chosen.quote_id)
    assert len(memory.links) == 1


def test_a_revoked_link_opens_nothing(contract: QuoteContract, chosen: Any) -> None:
    link = shared(contract, chosen.quote_id)
    with pytest.raises(NotFound):
        ask(contract, "RevokeShareLink", STRANGER, quote_id=chosen.quote_id, link_id=link.link_id)
    for _ in range(2):
        ask(contract, "RevokeShareLink", quote_id=chosen.quote_id, link_id=link.link_id)
    with pytest.raises(NotFound):
        opened(contract, link)


def test_only_the_gateway_opens_links() -> None:
    method = QuoteContract.descriptor.methods_by_name["OpenSharedQuote"]
    for caller in (PRODUCER, ENROLLMENT):
        assert not may_call(method, caller)
    assert may_call(method, Caller(CallerKind.SERVICE, "gateway"))


def test_a_proposal_has_copays_family_amounts_and_other_dental_plans(
    contract: QuoteContract, chosen: Any, catalogues: Catalogues
) -> None:
    other = replace(DENTAL_PLAN, plan_id="36096IL9900013-00", name="Other dental")
    catalogues.offerings.append(PlanOffering(other, {"17031": frozenset()}))
    found = ask(contract, "GetProposal", quote_id=chosen.quote_id)
    for priced in (found.quote.medical, found.quote.dental, *found.alternatives, *found.dental_alternatives):
        assert priced.plan.HasField("detail")
    assert [one.plan.plan_id for one in found.dental_alternatives] == [other.plan_id]
    assert found.alternatives


def test_a_proposal_needs_a_selection(contract: QuoteContract) -> None:
    with pytest.raises(NotReady) as refused:
        ask(contract, "GetProposal", quote_id=create(contract).quote_id)
    assert refused.value.code == "nothing_selected"


def test_a_delivery_goes_out_once_for_its_key(contract: QuoteContract, chosen: Any, post: Any, memory: Any) -> None:
    request = {"idempotency_key": KEY, "quote_id": chosen.quote_id, "email": " ann@example.com "}
    links = [ask(contract, "DeliverQuote", **request).link for _ in range(2)]
    assert links[0] == links[1]
    [listed] = ask(contract, "ListShareLinks", quote_id=chosen.quote_id).links
    assert listed == links[0] and listed.HasField("delivered_at")
    [message] = post.messages
    assert message.to == "ann@example.com" and links[0].url in message.text
    assert "CALVIN C FRITZ" in message.text and PRODUCER.subject in message.text
    assert post.contact_email == PRODUCER.subject
    assert [type(event) for event in memory.events].count(QuoteDelivered) == 1
    assert "ann@" not in f"{memory.events}{memory.audit}{memory.links}"


@pytest.mark.parametrize(
    ("language", "subject", "file"),
    [
        ("", "Your health coverage proposal", "proposal.pdf"),
        ("en", "Your health coverage proposal", "proposal.pdf"),
        ("es", "Su propuesta de cobertura de salud", "proposal-es.pdf"),
    ],
)
def test_message_proposal_and_link_are_in_the_clients_language(
    contract: QuoteContract, chosen: Any, post: Any, language: str, subject: str, file: str
) -> None:
    request = {"idempotency_key": KEY, "quote_id": chosen.quote_id, "email": "ann@example.com", "language": language}
    link = ask(contract, "DeliverQuote", **request).link
    [message] = post.messages
    assert (message.subject, message.file_name, post.language) == (subject, file, language or "en")
    assert f"{link.url}?lang={language or 'en'}" in message.text
    assert ("¿Preguntas?" in message.text, "Questions?" in message.text) == (language == "es", language != "es")


def test_each_language_says_everything_and_nothing_twice() -> None:
    english, spanish = (asdict(MESSAGES[one]) for one in ("en", "es"))
    assert all(english.values()) and all(spanish.values())
    assert not [name for name in english if english[name] == spanish[name]]


@pytest.mark.parametrize("code", ["nothing_selected", "premium_changed", "document_not_made"])
def test_delivery_without_a_proposal_is_refused_with_the_code_of_documents_and_sends_nothing(
    contract: QuoteContract, chosen: Any, post: Any, memory: Any, code: str
) -> None:
    post.refusal = Conflict("There is no proposal.", code=code)
    with pytest.raises(Conflict) as refused:
        ask(contract, "DeliverQuote", idempotency_key=KEY, quote_id=chosen.quote_id, email="ann@example.com")
    assert refused.value.code == code
    assert not (post.messages or memory.links)


def test_a_delivery_that_failed_leaves_nothing_and_may_be_tried_again(
    contract: QuoteContract, chosen: Any, post: Any, memory: Any
) -> None:
    request = {"idempotency_key": KEY, "quote_id": chosen.quote_id, "email": "ann@example.com"}
    post.trouble = Unavailable("away")
    with pytest.raises(Unavailable):
        ask(contract, "DeliverQuote", **request)
    assert not memory.links and not memory.sent
    post.trouble = None
    assert ask(contract, "DeliverQuote", **request).link and len(post.messages) == 1


@pytest.mark.parametrize(
    ("rpc", "wrong", "field"),
    [
        ("CreateShareLink", {"days": -1}, "days"),
        ("CreateShareLink", {"days": 91}, "days"),
        ("DeliverQuote", {"email": "Ann <ann@example.com>"}, "email"),
        ("DeliverQuote", {"email": "ann@example.com\r\nBcc: eve@example.com"}, "email"),
        ("DeliverQuote", {"email": "ann..lee@example.com"}, "email"),
        ("DeliverQuote", {"email": "ann@example.com", "language": "pl"}, "language"),
        ("DeliverQuote", {"email": f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 10}"}, "email"),
    ],
)
def test_a_link_or_delivery_out_of_bounds_is_refused_at_its_field(
    contract: QuoteContract, chosen: Any, post: Any, memory: Any, rpc: str, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask(contract, rpc, idempotency_key=KEY, quote_id=chosen.quote_id, **wrong)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert not (post.messages or memory.links)


@pytest.mark.parametrize("days", [1, 90])
def test_a_share_link_lasts_as_many_days_as_asked(contract: QuoteContract, chosen: Any, days: int) -> None:
    link = shared(contract, chosen.quote_id, days=days)
    assert link.expires_at.ToDatetime() - link.created_at.ToDatetime() <= timedelta(days=days)
    assert link.expires_at.ToDatetime() - link.created_at.ToDatetime() > timedelta(days=days) - timedelta(seconds=1)
