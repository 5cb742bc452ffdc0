"""Stand-ins for quote, pcp and payment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from chassis.kernel import InvalidInput, Money, Unavailable
from services.enrollment.domain.assigned_pcp import AssignedPcp
from services.enrollment.domain.enums import Coverage, PaymentStatus
from services.enrollment.domain.first_payment import FirstPayment, FirstPaymentTerms
from services.enrollment.domain.payment_details import PaymentDetails
from services.enrollment.domain.pcp_refusals import PcpRefusal
from services.enrollment.domain.pricing import PlanLine, PremiumLine, PricingBasis
from services.enrollment.domain.steps import Address
from services.enrollment.usecases.dtos import CheckedPcps, PcpSelection, SavedQuote
from tests.unit.services.enrollment.samples import PPO


@dataclass
class FakeQuotes:
    """Every member costs 100 dollars for medical and 10 for dental, and a dollar for each day of the month."""

    failure: Exception | None = None
    calls: int = 0
    surcharge: int = 0
    saved: SavedQuote | None = None
    # Dollars that everybody costs more in a plan year.
    dearer: dict[int, int] = field(default_factory=dict)
    # Plans that are not offered in a plan year.
    withdrawn: set[tuple[int, str]] = field(default_factory=set)
    last_year: int = 2028
    asked: list[PricingBasis] = field(default_factory=list)

    def quote(self, quote_id: str) -> SavedQuote:
        assert self.saved
        return self.saved

    def price(self, basis: PricingBasis) -> tuple[PlanLine, ...]:
        self.calls += 1
        self.asked.append(basis)
        if self.failure:
            raise self.failure
        year = basis.effective_date.year
        if year > self.last_year:
            raise InvalidInput.at("effective_date", "No plans are loaded for that year.", code="no_catalogue")
        for field_name in ("medical_plan_id", "dental_plan_id"):
            if (year, getattr(basis, field_name)) in self.withdrawn:
                raise InvalidInput.at(field_name, "There is no such plan.", code="unknown_plan")
        chosen = ((basis.medical_plan_id, Coverage.MEDICAL, 100), (basis.dental_plan_id, Coverage.DENTAL, 10))
        return tuple(self._line(*plan, basis) for plan in chosen if plan[0])

    def _line(self, plan_id: str, coverage: Coverage, dollars: int, basis: PricingBasis) -> PlanLine:
        each = Money(
            (dollars + basis.effective_date.day + self.surcharge + self.dearer.get(basis.effective_date.year, 0)) * 100
        )
        members = tuple(PremiumLine(i, 30, each, "by age") for i in range(len(basis.members)))
        kind = "PPO" if plan_id == PPO else "HMO"
        total = Money.total(m.monthly_premium for m in members)
        return PlanLine(
            coverage,
            plan_id,
            f"Plan {plan_id[7:14]}",
            kind,
            "Silver",
            total,
            members,
            "illustrative",
            uses_pcp=coverage is Coverage.MEDICAL and kind == "HMO",
            rating_area=1,
        )


@dataclass
class FakeProviders:
    failure: Exception | None = None
    check_failure: Exception | None = None
    checked: list[tuple[str, int, str]] = field(default_factory=list)
    # Providers by the plan in whose network they are not.
    unknown: dict[str, set[str]] = field(default_factory=dict)
    nobody_for_children: bool = False
    # Nobody who fits is so near, for whoever chose nobody.
    none_within_miles: int = 0
    pcp_selections: list[PcpSelection] = field(default_factory=list)

    def assign(
        self, record_number: str, plan_id: str, plan_year: int, zip_code: str, pcp_selections: Sequence[PcpSelection]
    ) -> tuple[AssignedPcp, ...]:
        if self.failure:
            raise self.failure
        self.pcp_selections = list(pcp_selections)
        return tuple(self._given(wish) for wish in pcp_selections)

    def _given(self, wish: PcpSelection) -> AssignedPcp:
        if self.none_within_miles and not wish.pcp_id:
            return AssignedPcp(wish.member_index, "", "", "", True, none_within_miles=self.none_within_miles)
        return _assigned(wish)

    def check(self, plan_id: str, plan_year: int, zip_code: str, pcp_selections: Sequence[PcpSelection]) -> CheckedPcps:
        if self.check_failure:
            raise self.check_failure
        self.checked.append((plan_id, plan_year, zip_code))
        refusals = [self._refusal(wish, plan_id) for wish in pcp_selections]
        return CheckedPcps(
            tuple(_assigned(wish) for wish, refusal in zip(pcp_selections, refusals, strict=True) if not refusal),
            tuple(refusal for refusal in refusals if refusal),
        )

    def _refusal(self, wish: PcpSelection, plan_id: str) -> PcpRefusal | None:
        if wish.pcp_id in self.unknown.get(plan_id, {"NOPE"}):
            return PcpRefusal(wish.member_index, "pcp_id", "This provider is not in the plan's network.", "R71")
        if wish.pcp_id == "ADULT" and wish.age < 18:
            return PcpRefusal(wish.member_index, "pcp_id", "This provider sees only patients age 18 and older.", "R71")
        if wish.medical_group_id == "999":
            return PcpRefusal(wish.member_index, "medical_group_id", "This group is not in the plan's network.", "R69")
        if self.nobody_for_children and not wish.pcp_id and wish.age < 18:
            return PcpRefusal(wish.member_index, "pcp_id", "No provider accepts new patients of this age.", "R72")
        return None


def _assigned(wish: PcpSelection) -> AssignedPcp:
    office = Address(street="10 Example Street", city="Chicago", state="IL", zip="60601")
    found = AssignedPcp(wish.member_index, wish.pcp_id or "P1", "DR. ONE", "", not wish.pcp_id)
    return replace(found, npi="2000001174", office=office)


@dataclass
class FakePayments:
    failure: Exception | None = None
    opened: list[tuple[Money, bool]] = field(default_factory=list)
    months: list[tuple[str, int]] = field(default_factory=list)
    due_on: date | None = None
    # What it tells whoever reads an application; None: it is away.
    told: PaymentDetails | None = None

    def open(self, terms: FirstPaymentTerms) -> FirstPayment:
        if self.failure:
            raise self.failure
        self.opened.append((terms.amount, terms.pay_now))
        self.due_on = terms.due_on
        self.months = [(f"{due.month:%Y-%m}", due.amount.cents) for due in terms.months]
        return FirstPayment(PaymentStatus.NOT_STARTED if terms.pay_now else PaymentStatus.BILL_LATER, terms.months)

    def find(self, record_number: str) -> PaymentDetails:
        if self.told is None:
            raise Unavailable("payment does not answer")
        return self.told


class FakeOutcomes:
    """Tells nothing, so that whoever waits looks; ``wait`` is what happens meanwhile."""

    def __init__(self, wait: Callable[[float], object] = lambda _: None) -> None:
        self._wait = wait

    @contextmanager
    def expect(self, record_number: str) -> Iterator[FakeOutcomes]:
        yield self

    def wait(self, seconds: float) -> bool:
        return self._wait(seconds) is True
