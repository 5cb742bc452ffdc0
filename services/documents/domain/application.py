"""A submitted application, as far as it is printed. People are named by their place in the household, from 0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from chassis.kernel import Money


@dataclass(frozen=True, slots=True)
class Producer:
    name: str
    writing_number: str
    company: str
    state: str


@dataclass(frozen=True, slots=True)
class Contact:
    phone: str
    phone_type: str
    email: str


@dataclass(frozen=True, slots=True)
class SelfIdentification:
    """Codes of ``scheme``, as the person chose them (R54-R57)."""

    scheme: str
    spoken_language: str
    written_language: str
    ethnicities: tuple[str, ...]
    identities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A text that was agreed to or shown; ``person`` is the place of whoever gave the answer."""

    kind: str
    version: str
    at: datetime
    recorded_by: str
    person: int


@dataclass(frozen=True, slots=True)
class Person:
    """``ssn_last_four`` is all that this service ever gets of the number; ``tobacco_use`` None: not asked."""

    name: str
    relationship: str
    date_of_birth: date | None
    sex: str
    ssn_last_four: str = ""
    tobacco_use: bool | None = None
    tobacco_last_used: date | None = None
    disabled_dependent: bool = False
    contact: Contact | None = None
    self_identification: SelfIdentification | None = None


@dataclass(frozen=True, slots=True)
class Address:
    street: str
    city: str
    state: str
    zip: str
    county: str = ""


@dataclass(frozen=True, slots=True)
class Hra:
    """Health reimbursement arrangement of the primary applicant (R53)."""

    kind: str
    start_date: date | None
    employer: str
    monthly_contribution: Money | None


@dataclass(frozen=True, slots=True)
class PremiumLine:
    person: int
    age: int
    premium: Money
    explanation: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """``illustrative``: plan, price and network are made up, which the document has to say."""

    coverage: str
    plan_id: str
    name: str
    plan_type: str
    metal_level: str
    premium: Money
    members: tuple[PremiumLine, ...]
    illustrative: bool
    consumer_choice: bool


@dataclass(frozen=True, slots=True)
class MonthDue:
    """A month that the first payment covers; ``month`` is its first day."""

    month: date
    amount: Money


@dataclass(frozen=True, slots=True)
class AssignedPcp:
    person: int
    provider: str
    pcp_id: str
    group_id: str
    auto_assigned: bool
    # The medical group that was chosen without a provider; empty when a provider was, or nothing.
    chosen_group: str = ""


@dataclass(frozen=True, slots=True)
class ReplacedCoverage:
    person: int
    insurer: str
    policy_number: str
    termination_date: date | None


@dataclass(frozen=True, slots=True)
class OtherCoverage:
    person: int
    name_on_policy: str
    member_number: str
    group_id: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs for the applicant: an authorized representative (R80), or a parent or guardian (R81)."""

    name: str
    relationship: str


@dataclass(frozen=True, slots=True)
class LifeEvent:
    kind: str
    date: date | None
    prior_coverage_attested: bool = False


@dataclass(frozen=True, slots=True)
class Application:
    """``in_person``: the terms were shown and accepted (R39, R40); otherwise a paper application was signed."""

    record_number: str
    client_app_id: int
    state: str
    submitted_on: date | None
    effective_date: date | None
    effective_date_reason: str
    producer: Producer
    form_type: str
    special_enrollment: bool
    life_events: tuple[LifeEvent, ...]
    in_person: bool
    terms_version: str
    acceptances: tuple[Acceptance, ...]
    people: tuple[Person, ...]
    home: Address | None
    mailing: Address | None
    contact: Contact | None
    hra: Hra | None
    plans: tuple[PlanLine, ...]
    pcps: tuple[AssignedPcp, ...]
    replaced: tuple[ReplacedCoverage, ...]
    others: tuple[OtherCoverage, ...]
    representative: Signer | None
    guardian: Signer | None
    pay_now: bool
    first_payment_months: tuple[MonthDue, ...] = ()
    # Sentences to print beside the plans, such as that a plan year ends.
    notices: tuple[str, ...] = ()

    @property
    def monthly_premium(self) -> Money:
        return Money.total(plan.premium for plan in self.plans)

    @property
    def is_illustrative(self) -> bool:
        return any(plan.illustrative for plan in self.plans)

    def name_of(self, person: int) -> str:
        """The person's name; a place that nobody has shows as its number rather than failing the document."""
        return self.people[person].name if 0 <= person < len(self.people) else f"Person {person + 1}"
