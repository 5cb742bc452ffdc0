"""Domain: what one transaction of an 834 says. A policy is one plan of one application: medical and dental are two."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel import Money

# Of an off-exchange plan; an exchange sends its own enrollments.
OFF_EXCHANGE_VARIANT = "00"
# Of a plan id without its variant.
COMPONENT_LENGTH = 14


class Maintenance(StrEnum):
    """What a transaction does to a policy."""

    INITIAL = "initial"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    TERMINATION = "termination"

    @property
    def ends_coverage(self) -> bool:
        return self in (Maintenance.CANCELLATION, Maintenance.TERMINATION)


class MemberChange(StrEnum):
    """What a change does to one member."""

    UNCHANGED = "unchanged"
    ADDED = "added"
    REMOVED = "removed"
    ADDRESS = "address"
    IDENTITY = "identity"
    DEMOGRAPHIC = "demographic"
    PREMIUM = "premium"
    PRODUCER = "producer"


class InsuranceLine(StrEnum):
    """HD03."""

    MEDICAL = "HLT"
    DENTAL = "DEN"


class MemberRelationship(StrEnum):
    """To the subscriber."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    OTHER_DEPENDENT = "other_dependent"


class MemberSex(StrEnum):
    """DMG03."""

    FEMALE = "F"
    MALE = "M"


@dataclass(frozen=True, slots=True)
class MemberName:
    last_name: str
    first_name: str = ""
    middle_name: str = ""
    suffix: str = ""

    @property
    def whole(self) -> str:
        """As the sponsor is called."""
        return " ".join(part for part in (self.first_name, self.middle_name, self.last_name, self.suffix) if part)


@dataclass(frozen=True, slots=True)
class MemberAddress:
    """``county_fips``: five digits."""

    street: str
    city: str
    state: str
    zip: str
    unit: str = ""
    county_fips: str = ""


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who stands for a subscriber under 18: custodial parent or another responsible person."""

    name: MemberName
    address: MemberAddress | None = None


@dataclass(frozen=True, slots=True)
class MemberProvider:
    """The primary care provider. ``office``: None where it is not known at which of several a member is to be seen."""

    pcp_id: str
    npi: str = ""
    office: MemberAddress | None = None


@dataclass(frozen=True, slots=True)
class FormerIdentity:
    """What was sent of a member before it was corrected."""

    name: MemberName
    date_of_birth: date
    sex: MemberSex
    ssn: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Member:
    """``premium``: the person's part of the policy's. ``tobacco_use``: None for who is not asked.

    ``ssn``, ``identities`` and ``ethnicities`` are empty without the carrier's grant.
    """

    member_id: str
    relationship: MemberRelationship
    name: MemberName
    date_of_birth: date
    sex: MemberSex
    premium: Money
    ssn: str = field(default="", repr=False)
    tobacco_use: bool | None = None
    disabled_dependent: bool = False
    phone: str = ""
    email: str = ""
    spoken_language: str = ""
    written_language: str = ""
    identities: tuple[str, ...] = ()
    ethnicities: tuple[str, ...] = ()
    provider: MemberProvider | None = None
    change: MemberChange = MemberChange.UNCHANGED
    former: FormerIdentity | None = None

    @property
    def is_subscriber(self) -> bool:
        return self.relationship is MemberRelationship.SELF

    @property
    def is_charged(self) -> bool:
        """Who leaves has no premium any more."""
        return self.change is not MemberChange.REMOVED


@dataclass(frozen=True, slots=True)
class PolicyProducer:
    """``npn``: National Producer Number; without one the loop is left out."""

    name: str
    npn: str


@dataclass(frozen=True, slots=True)
class PolicyEnrollment:
    """One policy, and what becomes of it.

    ``control_number``: ST02 and BGN02, which the carrier sends back; no other transaction ever has it.
    ``reason``: why coverage ends, a key of the carrier's profile. ``effective_on``: the day on which a change takes
    effect or coverage ends; that of an initial enrollment is ``begins_on``. ``event``: the life event that opened the
    special enrollment period. ``contact_changes``: how often phone, email or mailing address were changed since, of
    which it has the newest. The subscriber is the first of ``members``.
    """

    control_number: int
    maintenance: Maintenance
    policy_id: str
    subscriber_id: str
    application_id: str
    plan_id: str
    line: InsuranceLine
    state: str
    begins_on: date
    submitted_at: datetime
    premium: Money
    members: tuple[Member, ...]
    home_address: MemberAddress
    reason: str = ""
    effective_on: date | None = None
    rating_area: int = 0
    event: str = ""
    producer: PolicyProducer | None = None
    mailing_address: MemberAddress | None = None
    custodial_parent: Guardian | None = None
    responsible_person: Guardian | None = None
    payment_transaction_id: str = ""
    contact_changes: int = 0

    @property
    def subscriber(self) -> Member:
        return self.members[0]

    @property
    def written_members(self) -> tuple[Member, ...]:
        """What ends a policy names the subscriber, and ends it for everybody."""
        return self.members[:1] if self.maintenance.ends_coverage else self.members

    @property
    def component_id(self) -> str:
        """The plan without its variant, 14 characters."""
        return self.plan_id[:COMPONENT_LENGTH]

    @property
    def variant_id(self) -> str:
        return write_variant_id(self.plan_id)

    @property
    def takes_effect_on(self) -> date:
        return self.effective_on or self.begins_on


def write_variant_id(plan_id: str) -> str:
    """16 characters without a dash."""
    return f"{plan_id[:COMPONENT_LENGTH]}{plan_id[COMPONENT_LENGTH:].removeprefix('-') or OFF_EXCHANGE_VARIANT}"
