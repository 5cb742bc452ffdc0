"""Domain: what the five steps hold. Every part may be missing in a draft; nothing here judges."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace

from chassis.kernel import Money
from services.enrollment.domain.enums import Authorization, FormType, PaymentChoice, Relationship
from services.enrollment.domain.people import Contact as Contact
from services.enrollment.domain.people import Person

ZIP_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Producer:
    """Under one writing number, which is good in one state (R24); ``npn`` is the National Producer Number.

    ``phone`` and ``npn`` are empty where none is known.
    """

    writing_number: str
    name: str
    company_name: str
    state: str
    phone: str = ""
    npn: str = ""


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """For loss of coverage, ``date`` is the last day of coverage."""

    kind: str
    date: datetime.date
    # What the kind's rule asks to be attested about coverage in the 60 days before.
    prior_coverage_attested: bool = False


@dataclass(frozen=True, slots=True)
class GeneralStep:
    special_enrollment: bool = True
    life_events: tuple[LifeEvent, ...] = ()

    def dates_like(self, other: GeneralStep) -> bool:
        """Whether both give the same effective dates: attestations change none."""
        return self._dated == other._dated

    @property
    def _dated(self) -> tuple[bool, list[tuple[str, datetime.date]]]:
        return self.special_enrollment, [(event.kind, event.date) for event in self.life_events]


@dataclass(frozen=True, slots=True)
class Address:
    street: str = ""
    unit: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    county_fips: str = ""
    county_name: str = ""

    @property
    def zip5(self) -> str:
        """What rating, counties and distances use: without the four digits of ZIP+4."""
        return self.zip[:ZIP_DIGITS]


@dataclass(frozen=True, slots=True)
class Hra:
    """R53."""

    kind: str = ""
    start_date: datetime.date | None = None
    employer_name: str = ""
    monthly_contribution: Money | None = None


@dataclass(frozen=True, slots=True)
class HouseholdStep:
    """The primary applicant stands first; ``mailing_address`` None is the same as home."""

    form_type: FormType | None = None
    authorization: Authorization | None = None
    terms_version: str = ""
    people: tuple[Person, ...] = ()
    home_address: Address = Address()
    mailing_address: Address | None = None
    contact: Contact = field(default_factory=Contact)
    hra: Hra | None = None

    @property
    def applicant(self) -> Person | None:
        return next((person for person in self.people if person.relationship is Relationship.SELF), None)


@dataclass(frozen=True, slots=True)
class PcpChoice:
    """R69; all empty: the carrier assigns (R72)."""

    member_index: int
    pcp_id: str = ""
    medical_group_id: str = ""
    # As it was sent: says who is meant; settled into the place when the step is saved.
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class PlansStep:
    medical_plan_id: str = ""
    dental_plan_id: str = ""
    pediatric_dental_attested: bool = False
    pcp_choices: tuple[PcpChoice, ...] = ()
    pediatric_dental_version: str = ""
    # R70: everybody gets the primary applicant's choice; the others' own are kept.
    pcp_same_for_all: bool = False

    def moved(self, moves: dict[int, int]) -> PlansStep:
        """After people changed places; who left takes the choice along."""
        kept = (replace(c, member_index=moves[c.member_index]) for c in self.pcp_choices if c.member_index in moves)
        return replace(self, pcp_choices=tuple(sorted(kept, key=lambda choice: choice.member_index)))

    def on_form(self, form_type: FormType | None) -> PlansStep:
        """A dental form has no medical plan and no PCP (R38)."""
        if form_type is FormType.DENTAL:
            return PlansStep(dental_plan_id=self.dental_plan_id)
        return self

    def unattested(self) -> PlansStep:
        return replace(self, pediatric_dental_attested=False, pediatric_dental_version="")

    def choice_for(self, member_index: int) -> PcpChoice | None:
        """What holds for a person at submission."""
        wanted = 0 if self.pcp_same_for_all else member_index
        return next((choice for choice in self.pcp_choices if choice.member_index == wanted), None)


@dataclass(frozen=True, slots=True)
class ReplacedCoverage:
    """R73."""

    member_index: int
    insurer: str = ""
    policy_number: str = ""
    termination_date: datetime.date | None = None
    person_id: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing is known but whose it is."""
        return not (self.insurer or self.policy_number or self.termination_date)


@dataclass(frozen=True, slots=True)
class OtherCoverage:
    """R75; ``name_on_policy`` empty is the person's own name (R76)."""

    member_index: int
    name_on_policy: str = ""
    member_number: str = ""
    group_id: str = ""
    person_id: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing is known but whose it is."""
        return not (self.name_on_policy or self.member_number or self.group_id)


@dataclass(frozen=True, slots=True)
class OtherCoverageStep:
    replaces_coverage: bool = False
    replaced: tuple[ReplacedCoverage, ...] = ()
    has_other_coverage: bool = False
    others: tuple[OtherCoverage, ...] = ()
    proxy_agreed: bool = False
    proxy_version: str = ""
    # R74.
    replacement_rights_shown: bool = False
    replacement_rights_version: str = ""

    def without_replacement(self) -> OtherCoverageStep:
        """Where the form does not ask whether coverage is replaced (R78)."""
        return replace(
            self, replaces_coverage=False, replaced=(), replacement_rights_shown=False, replacement_rights_version=""
        )

    def moved(self, moves: dict[int, int]) -> OtherCoverageStep:
        replaced = (replace(r, member_index=moves[r.member_index]) for r in self.replaced if r.member_index in moves)
        others = (replace(o, member_index=moves[o.member_index]) for o in self.others if o.member_index in moves)
        return replace(self, replaced=tuple(replaced), others=tuple(others))


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for the applicant: an authorized representative (R80), or a parent or guardian (R81)."""

    first_name: str = ""
    middle_initial: str = ""
    last_name: str = ""
    relationship_to_applicant: str = ""


@dataclass(frozen=True, slots=True)
class SignaturesStep:
    authorized_representative: Signer | None = None
    guardian: Signer | None = None
    consumer_choice_agreed: bool = False
    payment_choice: PaymentChoice | None = None
    consumer_choice_version: str = ""

    def without_consumer_choice(self) -> SignaturesStep:
        return replace(self, consumer_choice_agreed=False, consumer_choice_version="")


AnyStep = GeneralStep | HouseholdStep | PlansStep | OtherCoverageStep | SignaturesStep
