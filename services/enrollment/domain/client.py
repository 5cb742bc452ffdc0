"""Domain: a client, somebody whom a producer knows from quotes and applications (R44)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from chassis.contact_points import Phone
from services.enrollment.domain.address_tokenizer import tokenize_address
from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import Sex
from services.enrollment.domain.people import make_identity
from services.enrollment.domain.steps import Address, Contact

# A longer beginning of a name tells nobody apart; each length is one more entry of the search index.
LONGEST_BEGINNING = 12
NO_CONTACT = Contact()


@dataclass(frozen=True, slots=True)
class ClientProfile:
    """A person of one writing number; what the next application is filled in with.

    From a quote, ``home_address`` has state, ZIP and county alone.
    """

    writing_number: str
    first_name: str
    last_name: str
    date_of_birth: date
    sex: Sex | None
    home_address: Address
    middle_initial: str = ""
    contact: Contact = NO_CONTACT
    ssn_last_four: str = ""
    suffix: str = ""
    one_name_only: bool = False

    @property
    def identity(self) -> str:
        """The same for the same person, however the name was typed: what equal people are found by."""
        return make_identity(self.first_name, self.last_name, self.date_of_birth)

    @property
    def terms(self) -> frozenset[str]:
        """Everything that a search finds this person by."""
        names = tokenize_address(f"{self.first_name} {self.last_name} {self.suffix}")
        beginnings = {word[:length] for word in names for length in range(1, LONGEST_BEGINNING + 1)}
        wanted = ClientFilter("", self.date_of_birth, ten_digits(self.contact.phone), self.ssn_last_four)
        return frozenset({*(f"name:{beginning}" for beginning in beginnings), *wanted.terms})

    def followed_by(self, newer: ClientProfile) -> ClientProfile:
        """What is known after ``newer``, who is the same person: nothing is forgotten for being left out.

        A place alone, as quotes have it, does not replace a whole address in the same ZIP code.
        """
        home, new_home = self.home_address, newer.home_address
        keeps_home = not new_home.zip or (not new_home.street and new_home.zip5 == home.zip5)
        return replace(
            newer,
            middle_initial=newer.middle_initial or self.middle_initial,
            suffix=newer.suffix or self.suffix,
            sex=newer.sex or self.sex,
            home_address=home if keeps_home else new_home,
            contact=newer.contact if newer.contact.phone else self.contact,
            ssn_last_four=newer.ssn_last_four or self.ssn_last_four,
        )


@dataclass(frozen=True, slots=True)
class ClientFilter:
    """What a search asks for; whatever is given has to match. The name matches by beginnings of its words."""

    name: str = ""
    date_of_birth: date | None = None
    # Ten digits.
    phone: str = ""
    ssn_last_four: str = ""

    @property
    def terms(self) -> frozenset[str]:
        found = {f"name:{word[:LONGEST_BEGINNING]}" for word in tokenize_address(self.name)}
        given = {"born": self.date_of_birth, "phone": self.phone, "ssn4": self.ssn_last_four}
        return frozenset(found | {f"{kind}:{value}" for kind, value in given.items() if value})


def ten_digits(phone: str) -> str:
    """A phone number however it was written, without its extension; empty when it is none."""
    found = Phone.read(phone)
    return found.ten_digits if found else ""


def profile_of(app: Application) -> ClientProfile | None:
    """The applicant as a client; None while names or birth date are missing."""
    applicant = app.household.applicant
    if applicant is None or not (applicant.is_named and applicant.date_of_birth):
        return None
    return ClientProfile(
        writing_number=app.producer.writing_number,
        first_name=applicant.first_name,
        middle_initial=applicant.middle_initial,
        last_name=applicant.last_name,
        date_of_birth=applicant.date_of_birth,
        sex=applicant.sex,
        home_address=app.household.home_address,
        contact=app.contact.without_consents,
        ssn_last_four=applicant.ssn_last_four,
        suffix=applicant.suffix,
        one_name_only=applicant.one_name_only,
    )
