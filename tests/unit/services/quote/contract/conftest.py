"""A small catalogue and quotes in memory. Amounts: 100 up to 20, 300 from 21 on, 450 with tobacco; dental a tenth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from chassis.kernel import Caller, Clock, FixedClock, NotFound
from chassis.paging import PageTokens
from services.quote.__main__ import Sharing, build_use_cases
from services.quote.contract.service import QuoteContract
from services.quote.domain.catalogue import Catalogue, PlanOffering, RatesByPlan
from services.quote.domain.exchange import ExchangeLinks
from services.quote.domain.geography import AreaSpan, County, Geography
from services.quote.domain.plan import Coverage, Exchange, Rate, RateSource
from services.quote.domain.quote import Quote
from services.quote.domain.quote_search import QuoteSearch
from services.quote.domain.rates import RateTable
from services.quote.domain.sharing import ShareLink, ShareLinkSigner
from services.quote.usecases.ports import EmailMessage, QuoteFigures, QuoteReportSearch
from tests.fakes.unit_of_work import FakeUnitOfWork
from tests.unit.services.quote.samples import COOK, HMO

DUPAGE = County("17043", "DuPage County", "IL", (AreaSpan(2025, None, 2),))
HMO_ON = replace(HMO, plan_id="36096IL9900001-01", exchange=Exchange.ON)
CHEAP = replace(HMO, plan_id="36096IL9900002-00", component_id="36096IL9900002", name="Cheap PPO", plan_type="PPO")
UNFILED = replace(HMO, plan_id="36096IL9900003-00", component_id="36096IL9900003", name="Young people only")
ELSEWHERE = replace(HMO, plan_id="36096IL9900004-00")
UNDER_30 = replace(HMO, plan_id="36096IL9900005-00", metal_level="Catastrophic")
DENTAL = replace(HMO, plan_id="36096IL9900012-00", component_id="36096IL9900012", coverage=Coverage.DENTAL)


def table(child: int, adult: int, tobacco: int) -> RateTable:
    source = RateSource.ILLUSTRATIVE
    return RateTable.from_bands(
        [(0, 20, Rate(child, child, source)), (21, 65, Rate(adult, tobacco, source))], rating_area=1
    )


RATES = {
    HMO.component_id: table(100_00, 300_00, 450_00),
    CHEAP.component_id: table(90_00, 200_00, 200_00),
    UNFILED.component_id: RateTable.from_bands([(0, 29, Rate(50_00, 50_00, RateSource.FILED))], rating_area=1),
    DENTAL.component_id: table(10_00, 30_00, 30_00),
}


@dataclass
class Catalogues:
    """``offerings`` and ``rates`` may be changed by a test."""

    offerings: list[PlanOffering]
    rates: dict[str, RateTable] = field(default_factory=lambda: dict(RATES))

    def current(self) -> Catalogue:
        geography = Geography({"60601": (COOK,), "60007": (COOK, DUPAGE)})
        return Catalogue(geography, self.offerings, self._rates)

    def withdraw(self, plan_id: str) -> None:
        self.offerings = [offering for offering in self.offerings if offering.plan.plan_id != plan_id]

    def _rates(self, plan_year: int, state: str, area: int) -> RatesByPlan:
        return self.rates


@dataclass
class FakeShareLinks:
    """Share links of one unit of work."""

    kept: dict[str, ShareLink]
    sent: set[str]

    def add(self, link: ShareLink) -> None:
        self.kept[link.link_id] = link

    save = add

    def get(self, link_id: str, *, lock: bool = False) -> ShareLink | None:
        return self.kept.get(link_id)

    def of_quote(self, quote_id: str) -> Sequence[ShareLink]:
        return [link for link in self.kept.values() if link.quote_id == quote_id]

    def delivered(self, link_id: str, now: datetime) -> bool:
        first = link_id not in self.sent
        self.sent.add(link_id)
        self.kept[link_id] = replace(self.kept[link_id], delivered_at=now)
        return first


@dataclass
class FakeMailer:
    """The mail server and the documents service; ``trouble`` is what sending raises, ``refusal`` what the PDF does."""

    messages: list[EmailMessage] = field(default_factory=list)
    trouble: Exception | None = None
    refusal: Exception | None = None
    contact_email: str = ""
    language: str = ""

    def must_be_ready(self) -> None:
        return None

    def send(self, message: EmailMessage) -> None:
        if self.trouble:
            raise self.trouble
        self.messages.append(message)

    def pdf(self, quote_id: str, contact_email: str, language: str) -> bytes:
        self.contact_email, self.language = contact_email, language
        if self.refusal:
            raise self.refusal
        return b"%PDF-1.7"


class FakeQuoteWork(FakeUnitOfWork):
    """What would stand in the database, and one unit of work over it."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, Quote] = {}
        self.searches: list[QuoteSearch] = []
        self.links: dict[str, ShareLink] = {}
        self.sent: set[str] = set()

    @property
    def quotes(self) -> FakeQuoteWork:
        return self

    def add(self, quote: Quote) -> None:
        self.kept[quote.quote_id] = quote

    def save(self, quote: Quote) -> None:
        assert quote.quote_id in self.kept
        self.kept[quote.quote_id] = quote

    def get(self, quote_id: str, caller: Caller, *, lock: bool = False) -> Quote:
        quote = self.kept.get(quote_id)
        if quote is None or not caller.may_see(quote.producer.writing_number):
            raise NotFound("There is no such quote among yours.")
        return quote

    def find(self, quote_id: str) -> Quote | None:
        return self.kept.get(quote_id)

    def page(
        self, caller: Caller, search: QuoteSearch, after: str | None, limit: int, now: datetime
    ) -> Sequence[Quote]:
        """Newest first, of every quote that the caller may see: it records the search and does not filter by it."""
        self.searches.append(search)
        mine = [quote for quote in self.kept.values() if caller.may_see(quote.producer.writing_number)]
        mine.sort(key=lambda quote: (quote.created_at, quote.quote_id), reverse=True)
        places = [quote.quote_id for quote in mine]
        return mine[places.index(after) + 1 if after else 0 :][:limit]

    def count(self, caller: Caller, search: QuoteSearch, now: datetime) -> int:
        return len(self.page(caller, search, None, 1_000, now))

    def count_duplicates(self, quotes: Sequence[Quote]) -> Mapping[str, int]:
        named = [quote.client_name for quote in self.kept.values()]
        return {quote.quote_id: named.count(quote.client_name) - 1 for quote in quotes if quote.client_name}

    def figures(self, search: QuoteReportSearch) -> list[QuoteFigures]:
        raise AssertionError("only PostgreSQL can answer this; see the integration tests")

    def expire(self, now: datetime, limit: int) -> Sequence[Quote]:
        raise AssertionError("only PostgreSQL can answer this; see the integration tests")

    @property
    def share_links(self) -> FakeShareLinks:
        return FakeShareLinks(self.links, self.sent)


@pytest.fixture
def catalogues() -> Catalogues:
    cook: dict[str, frozenset[str]] = {"17031": frozenset()}
    sold = [PlanOffering(plan, cook, "catalogue 1") for plan in (HMO, HMO_ON, CHEAP, UNFILED, UNDER_30, DENTAL)]
    return Catalogues([*sold, PlanOffering(ELSEWHERE, {"17043": frozenset()})])


@pytest.fixture
def memory() -> FakeQuoteWork:
    return FakeQuoteWork()


@pytest.fixture
def clock() -> Clock:
    return FixedClock.at("2026-05-20")


@pytest.fixture
def post() -> FakeMailer:
    return FakeMailer()


@pytest.fixture
def contract(catalogues: Catalogues, memory: FakeQuoteWork, clock: Clock, post: FakeMailer) -> QuoteContract:
    links = ExchangeLinks({"SBE-IL": "https://exchange.example"})
    sharing = Sharing(ShareLinkSigner(b"a key of the tests"), "https://portal.example", post, post)
    return QuoteContract(
        build_use_cases(catalogues, memory, clock, sharing), links, sharing.make_url, PageTokens.with_key(bytes(32))
    )
