"""Domain: the covered people."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from chassis.contact_points import Phone
from chassis.kernel import fold_name
from services.enrollment.domain.dates import age_on
from services.enrollment.domain.enums import Relationship, Sex
from services.enrollment.domain.self_identification import SelfIdentification


@dataclass(frozen=True, slots=True)
class Contact:
    """Listing a mobile number or an email address is consent; the versions are those of the texts shown (R50, R51)."""

    phone: str = ""
    phone_type: str = ""
    email: str = ""
    text_messages_version: str = ""
    electronic_delivery_version: str = ""

    @property
    def as_used(self) -> Contact:
        """The same for every way to write a phone number, and for every text of the consents."""
        phone = Phone.read(self.phone)
        return replace(self.without_consents, phone=str(phone) if phone else self.phone)

    @property
    def without_consents(self) -> Contact:
        """For another application: a consent is given again there, to the text of its day."""
        return replace(self, text_messages_version="", electronic_delivery_version="")


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells a person from others; ``ssn_last_four`` is empty until a number is given."""

    first_name: str
    last_name: str
    date_of_birth: date
    ssn_last_four: str = ""
    # The person was submitted so: others have seen it, and no edit leads far from it any more.
    submitted: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """``ssn`` is there only on its way in; what is stored is sealed, and only ``ssn_last_four`` comes back."""

    relationship: Relationship
    first_name: str = ""
    middle_initial: str = ""
    last_name: str = ""
    date_of_birth: date | None = None
    sex: Sex | None = None
    tobacco_use: bool | None = None
    tobacco_last_used: date | None = None
    ssn_last_four: str = ""
    # Keyed, the same for the same number; empty without one. It tells that a number changed, and not what it is.
    ssn_fingerprint: str = field(default="", repr=False)
    person_id: str = ""
    # The spouse's alone (R60); the applicant's is in the step.
    contact: Contact | None = None
    self_identification: SelfIdentification | None = None
    # Disabled and dependent on the subscriber, so that a child stays covered beyond the age at which others leave.
    disabled_dependent: bool = False
    # In a draft, as whom the person was given the number that is stored; later as whom the person was first submitted
    # (R46). None while there is neither.
    first_identity: Identity | None = None
    # One of ``names.SUFFIXES``; it tells nobody apart, since it is given once and left out the next time.
    suffix: str = ""
    # The one name is in ``last_name``, and ``first_name`` is empty.
    one_name_only: bool = False
    ssn: str = field(default="", repr=False)
    # On its way in only: what is stored is dropped.
    removes_ssn: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing is known but what the person is to the applicant."""
        empty = Person(self.relationship, person_id=self.person_id)
        return self in (empty, replace(empty, contact=Contact()))

    @property
    def is_named(self) -> bool:
        return bool(self.last_name and (self.first_name or self.one_name_only))

    @property
    def given_name(self) -> str:
        """The name that tells a person from others of the family."""
        return self.last_name if self.one_name_only else self.first_name

    @property
    def identity(self) -> str:
        """The same for the same person, however the name was typed; empty while a part of it is missing."""
        if not (self.is_named and self.date_of_birth):
            return ""
        return make_identity(self.first_name, self.last_name, self.date_of_birth)

    @property
    def known_as(self) -> Identity | None:
        """As whom the person stands here now; None while names or birth date are missing."""
        if not (self.is_named and self.date_of_birth):
            return None
        return Identity(self.first_name, self.last_name, self.date_of_birth, self.ssn_last_four)

    def as_submitted(self) -> Person:
        """Others see the person from here on; the first submission counts."""
        if self.known_as is None or (self.first_identity and self.first_identity.submitted):
            return self
        return replace(self, first_identity=replace(self.known_as, submitted=True))

    @property
    def is_dependent(self) -> bool:
        return self.relationship in (Relationship.CHILD, Relationship.OTHER_DEPENDENT)

    def age_on(self, day: date) -> int | None:
        return age_on(self.date_of_birth, day) if self.date_of_birth else None

    def asked_from(self, tobacco_age: int, start: date) -> Person:
        """Without an answer on tobacco when the person is too young, as coverage starts, to be asked."""
        age = self.age_on(start)
        if age is None or age >= tobacco_age:
            return self
        return replace(self, tobacco_use=None, tobacco_last_used=None)

    @property
    def name(self) -> str:
        parts = (self.first_name, self.middle_initial, self.last_name, self.suffix)
        return " ".join(part for part in parts if part)


def make_identity(first_name: str, last_name: str, date_of_birth: date) -> str:
    return "\x1f".join((fold_name(last_name), fold_name(first_name), date_of_birth.isoformat()))
