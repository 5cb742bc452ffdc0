"""Quote, pcp and payment as stand-ins that can be away, change their prices, withdraw what they offered, or refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from chassis.kernel import InvalidInput, Money, NotFound, Unavailable
from services.enrollment.domain.assigned_pcp import AssignedPcp
from services.enrollment.domain.enums import Coverage, PaymentStatus, Relationship, Sex
from services.enrollment.domain.first_payment import FirstPayment, FirstPaymentTerms
from services.enrollment.domain.payment_details import PaymentDetails
from services.enrollment.domain.pricing import PlanLine, PremiumLine, PricingBasis, RatedMember
from services.enrollment.domain.steps import Producer
from services.enrollment.usecases.dtos import CheckedPcps, PcpSelection, QuotedMember, SavedQuote

QUOTED_AT = datetime(2026, 5, 11, 17, tzinfo=UTC)
IL = Producer("220002580", "FRITZ, CALVIN C", "FRITZ, CALVIN C", "IL", "3125550118", "1000000001")
TX = Producer("107864325", "FRITZ, CALVIN C", "FRITZ, CALVIN C", "TX")
STRANGER = Producer("660003012", "OTHER, PAT", "OTHER, PAT", "IL")

HMO, PPO, DENTAL, TEXAN = "36096IL9900001-00", "36096IL9900003-00", "36096IL9900010-00", "33602TX9900004-00"
PLANS = {HMO: "HMO", PPO: "PPO", DENTAL: "DPPO", TEXAN: "HMO"}
QUOTES = ("q-medical", "q-dental", "q-texas", "q-on-exchange", "q-expired", "q-empty", "q-foreign")

_ADULT = QuotedMember(RatedMember(Relationship.SELF, date(1987, 6, 14), Sex.FEMALE, False), "Zebrina", "Plokijuh")
_CHILD = QuotedMember(RatedMember(Relationship.CHILD, date(2015, 3, 2), Sex.MALE, False), "Quoka", "Plokijuh")


@dataclass
class FakeServices:
    away: set[str] = field(default_factory=set)
    refusing: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    surcharge: int = 0
    # For whoever chose nobody: nobody who fits is so near.
    none_within_miles: int = 0
    # What payment tells whoever reads an application.
    told: PaymentDetails | None = None

    def quote(self, quote_id: str) -> SavedQuote:
        self._must_be_there("quote")
        if quote_id not in QUOTES:
            raise NotFound("No quote with this ID is available to you.")
        producer = {"q-texas": TX, "q-foreign": STRANGER}.get(quote_id, IL)
        place = ("77001", "48201", "Harris") if producer is TX else ("60601", "17031", "Cook")
        medical = {"q-dental": "", "q-empty": "", "q-texas": TEXAN}.get(quote_id, HMO)
        dental = DENTAL if quote_id == "q-dental" else ""
        on, expired = quote_id == "q-on-exchange", quote_id == "q-expired"
        way = ("ISP", "https://exchange.example") if on else ("", "")
        day, members = date(2026, 6, 1), (_CHILD, _ADULT)
        return SavedQuote(quote_id, QUOTED_AT, producer, *place, day, members, medical, dental, on, *way, expired)

    def price(self, basis: PricingBasis) -> tuple[PlanLine, ...]:
        self._must_be_there("quote")
        chosen = {"medical_plan_id": basis.medical_plan_id, "dental_plan_id": basis.dental_plan_id}
        return tuple(self._line(name, plan, basis) for name, plan in chosen.items() if plan)

    def _line(self, name: str, plan: str, basis: PricingBasis) -> PlanLine:
        if plan not in PLANS or (plan == DENTAL) != (name == "dental_plan_id"):
            raise InvalidInput.at(name, "This plan is not sold there. Choose another one.", rule="R63")
        if plan in self.withdrawn:
            raise InvalidInput("No rate was filed for this plan.", code="rate_not_filed")
        each = Money(10_000 + 100 * (basis.effective_date.day + self.surcharge))
        members = tuple(PremiumLine(index, 30, each, "by age") for index in range(len(basis.members)))
        coverage, total = Coverage.DENTAL if plan == DENTAL else Coverage.MEDICAL, each * len(members)
        return PlanLine(
            coverage,
            plan,
            f"Plan {plan[7:14]}",
            PLANS[plan],
            "Silver",
            total,
            members,
            "illustrative",
            uses_pcp=PLANS[plan] == "HMO",
            consumer_choice_disclosure=plan == TEXAN,
            rating_area=1,
        )

    def assign(
        self, record_number: str, plan_id: str, plan_year: int, zip_code: str, pcp_selections: Sequence[PcpSelection]
    ) -> tuple[AssignedPcp, ...]:
        self._must_be_there("pcp")
        if "pcp" in self.refusing:
            raise InvalidInput.at("members[0].pcp_id", "This provider takes no new patients. Choose another one.")
        return tuple(
            AssignedPcp(w.member_index, "", "", "", auto_assigned=True, none_within_miles=self.none_within_miles)
            if self.none_within_miles and not (w.pcp_id or w.medical_group_id)
            else AssignedPcp(
                w.member_index,
                w.pcp_id or "P1",
                "DR. ONE",
                w.medical_group_id,
                auto_assigned=not w.pcp_id,
                medical_group_name="GROUP ONE" if w.medical_group_id else "",
            )
            for w in pcp_selections
        )

    def check(self, plan_id: str, plan_year: int, zip_code: str, pcp_selections: Sequence[PcpSelection]) -> CheckedPcps:
        """Nothing is refused: what ``assign`` refuses has changed since the check."""
        self._must_be_there("pcp")
        return CheckedPcps((), ())

    def open(self, terms: FirstPaymentTerms) -> FirstPayment:
        self._must_be_there("payment")
        return FirstPayment(PaymentStatus.NOT_STARTED if terms.pay_now else PaymentStatus.BILL_LATER, terms.months)

    def find(self, record_number: str) -> PaymentDetails:
        """Mostly away for whoever reads: what is stored is what these tests look at."""
        if self.told:
            return self.told
        raise Unavailable("The payment service does not answer just now. Try again in a moment.")

    def _must_be_there(self, name: str) -> None:
        if name in self.away:
            raise Unavailable(f"The {name} service does not answer just now. Try again in a moment.")
