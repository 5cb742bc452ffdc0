"""What several parts of the printed application read of enrollment's message."""

from __future__ import annotations

from datetime import date

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import Money
from services.documents.typesetting.printed_words import PrintedWords

_ILLUSTRATIVE = "illustrative"


def read_date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def read_money(message: common_pb2.Money) -> Money:
    return Money(message.cents)


def enum_word(name: str, prefix: str) -> str:
    """RELATIONSHIP_OTHER_DEPENDENT -> "other_dependent"."""
    return name.removeprefix(prefix).lower()


def is_illustrative(plan: application_pb2.PlanLine) -> bool:
    """Plan, price and network are made up, which the document has to say."""
    return plan.catalogue == _ILLUSTRATIVE


def is_in_person(application: application_pb2.Application) -> bool:
    """The terms were shown and accepted (R39, R40); otherwise a paper application was signed."""
    return application.household.authorization == pb.AUTHORIZATION_IN_PERSON


def is_client_review(application: application_pb2.Application) -> bool:
    """The client reviewed the application by a link and signed it there."""
    is_chosen = application.household.authorization == pb.AUTHORIZATION_CLIENT_REVIEW
    return is_chosen and application.HasField("client_review")


def person_name(person: pb.Person) -> str:
    return _join(person.first_name, person.middle_initial, person.last_name, person.suffix)


def signer_name(signer: pb.Signer) -> str:
    """Empty when nobody signs in this role."""
    return _join(signer.first_name, signer.middle_initial, signer.last_name)


def name_of(application: application_pb2.Application, member_index: int, words: PrintedWords) -> str:
    """The person's name; a place that nobody has shows as its number rather than failing the document."""
    people = application.household.people
    if 0 <= member_index < len(people):
        return person_name(people[member_index])
    return words.fill("person_by_number", number=str(member_index + 1))


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
