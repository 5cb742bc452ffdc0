"""Calls the contract of a service for real, with use cases that keep what they are asked and answer filled values."""

from __future__ import annotations

import base64
import importlib
import typing
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from types import SimpleNamespace
from typing import Any

import numpy as np
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from chassis.contract import is_client_streaming, snake_case
from chassis.kernel import Caller, Command, Money
from chassis.kernel.caller import CallerKind, WritingNumber
from services.enrollment.domain.canonical_form import write_canonical_form
from services.enrollment.domain.reviewed_content import ReviewSection
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.rulebook import Rulebook
from services.payment.domain.payment import MonthDue, PaymentTerms
from services.quote.domain.batch_rating import Premiums
from services.quote.domain.exchange import ExchangeLinks
from services.quote.domain.premium import MemberPremium, Premium
from services.quote.usecases.search_plans import SearchResults
from tests.contract_fields import contract_files
from tests.filled_values import ITEMS, FilledValues

Called = tuple[str, Any]
_NUMBERS = {"IL": "220002580", "TX": "107864325"}
_STATES = tuple(_NUMBERS)
_PERSON = Caller(
    CallerKind.PRODUCER,
    "producer@example.com",
    tuple(WritingNumber(number, state, f"NAME {state}", f"Agency {state}") for state, number in _NUMBERS.items()),
)
# Rpcs that are kept for another service.
_SERVICES = {
    "OpenSharedQuote": "gateway",
    "AssignProviders": "enrollment",
    "CheckProviders": "enrollment",
    "OpenPayment": "enrollment",
    "GetApplication": "documents",
    "OpenReview": "gateway",
    "ReadReview": "gateway",
    "SaveReviewRemark": "gateway",
    "ReturnReview": "gateway",
    "SignReview": "gateway",
    "WithdrawReview": "gateway",
}
_FIRST_DAY = date(2026, 1, 1)
_BOOK = Rulebook()


def rpcs(service: str) -> list[MethodDescriptor]:
    services = [one for file in contract_files(service) for one in file.services_by_name.values()]
    return [method for one in services for method in one.methods]


def plausible_text(name: str, number: int) -> str:
    """Text as a field of this name takes it; another number gives another one where there are enough."""
    if name in ("date", "tobacco_last_used") or name.endswith(
        ("_date", "_day", "_from", "_to", "_on", "date_of_birth")
    ):
        return (_FIRST_DAY + timedelta(number)).isoformat()
    month = f"{2026 + number // 12}-{number % 12 + 1:02d}"
    made = {
        "zip": f"606{number % 100:02d}",
        "state": _STATES[number % 2],
        "plan_id": f"36096IL{number:07d}-01",
        "month": month,
        "first_month": month,
        "last_month": month,
        "writing_number": _NUMBERS[_STATES[number % 2]],
        "ssn": f"53690{number % 9000 + 1000}",
        "language": ("en", "es")[number % 2],
        "suffix": ("Jr.", "Sr.", "III")[number % 3],
        "panel": ("any", "pediatric", "adult")[number % 3],
        "specialty": ("Family Medicine", "Pediatrics", "Internal Medicine")[number % 3],
        "payment_status": ("pending", "failed", "successful")[number % 3],
        "token": base64.urlsafe_b64encode(f"{number:016d}".encode()).decode(),
    }
    return made.get(name) or f"{name}-{number}"


class Call:
    """One call: ``calls`` are the use cases with what they were given, ``answer`` what the contract made of theirs."""

    def __init__(self, method: MethodDescriptor, request: Message, turn: int = 0, *, sparse: bool = False) -> None:
        self.calls: list[Called] = []
        self._values = FilledValues(turn, made_values(turn), sparse=sparse)
        service = method.full_name.split(".")[1]
        self._module = importlib.import_module(f"services.{service}.contract.service")
        caller = _caller(method)
        contract = self._contract(service)
        self.answer: Message = (
            next(contract.price_census([request], caller))
            if is_client_streaming(method)
            else getattr(contract, snake_case(method.name))(request, caller)
        )

    def _contract(self, service: str) -> Any:
        use_cases: Any = SimpleNamespace(**{name: self._double(name, one) for name, one in self._kinds()})
        # a sealed token is another one each time; here it is what it holds
        tokens = SimpleNamespace(make=lambda cursor, _: str(cursor or ""), read=lambda page, *_: page.token)
        if service == "quote":
            links, share_url = ExchangeLinks({}), "https://quotes.example/{0.link_id}".format
            contract = self._module.QuoteContract(use_cases, links, share_url, tokens)
            # the cache of searches asks its use case for more than an answer
            contract._search_plans = lambda *asked: contract._write_results(
                self._answer("search_plans", SearchResults, asked)
            )
            return contract
        kind = getattr(self._module, f"{service.capitalize()}Contract")
        return kind(use_cases, tokens) if service in ("enrollment", "pcp") else kind(use_cases)

    def _kinds(self) -> Iterator[tuple[str, Any]]:
        return ((name, kind.__call__) for name, kind in typing.get_type_hints(self._module.UseCases).items())

    def _double(self, name: str, method: Any) -> Any:
        returned = typing.get_type_hints(method)["return"]
        return lambda *given: self._answer(name, returned, given)

    def _answer(self, name: str, kind: Any, given: Any) -> Any:
        self.calls.append((name, [_asked(one) for one in given]))
        return self._values.of(kind, f"{name}()")


def _asked(given: Any) -> Any:
    """What can be compared: a census is read to its end."""
    return list(given) if isinstance(given, Iterator) else given


def _caller(method: MethodDescriptor) -> Caller:
    if name := _SERVICES.get(method.name):
        return Caller(CallerKind.SERVICE, name, _PERSON.writing_numbers)
    return _PERSON


def without_content(caller: Caller, operation: str, key: str, _request: Message) -> Command:
    """In place of ``command_of``, whose command has the whole request in it, read or not."""
    return Command(caller, operation, key, b"")


def made_values(turn: int) -> dict[Any, Callable[[int], Any]]:
    """What has rules that types do not tell of."""

    def one_after_another(*values: Any) -> Callable[[int], Any]:
        turns = cycle(values)
        return lambda _: next(turns)

    # a county is told of an address
    home = {
        "ReviewLine.label": lambda _: "home_address",
        "ReviewLine.value": lambda number: f"{number} Oak St, Cook County",
    }
    lines = FilledValues(turn, home)
    today = (date(2026, 5, 20), date(2026, 11, 20))[turn % 2]  # outside and inside of the open enrollment period
    months = (MonthDue(date(2026, 1, 1), Money(300)), MonthDue(date(2026, 2, 1), Money(200)))
    terms = {
        "PaymentTerms.months": lambda _: months,
        "PaymentTerms.amount": lambda _: Money(500),
        "state": lambda _: "TX",
    }
    return {
        Premium: lambda number: Premium(Money(number), lambda: (lines.of(MemberPremium), lines.of(MemberPremium))),
        Premiums: lambda number: Premiums((f"plan-{number}", f"plan-{number}b"), np.array([number, -1])),
        PaymentTerms: lambda _: FilledValues(turn, terms).of(PaymentTerms),
        Circumstances: lambda _: Circumstances(today, _BOOK.on(today)),
        "state": lambda number: _STATES[number % 2],
        "zip": lambda _: "60601",
        **home,
        # a form of what was signed, read back into its sections; a consent that was not taken back is current
        "ClientReview.shown": lambda _: write_canonical_form("A-0001", [lines.of(ReviewSection)]),
        "ReviewConsent.withdrawn_at": lambda _: (None, datetime(2026, 5, 21, tzinfo=UTC))[turn // 2 % 2],
        # nobody who is deactivated takes patients
        "Provider.deactivated_on": lambda _: (None, date(2026, 5, 1))[turn // 2 % 2],
        "LegalText.language": lambda number: ("en", "es")[number % 2],
        "plan_type": lambda _: ("HMO", "PPO")[turn // 2 % 2],
        "member_index": one_after_another(*range(ITEMS)),
        "record_number": lambda number: f"A-{number:04d}",
        "record_numbers": lambda _: [f"A-{number:04d}" for number in range(1000)],
        "media_type": one_after_another("application/pdf", "image/png"),
        "TextBlock.kind": one_after_another("heading", ("paragraph", "item")[turn % 2]),
    }
