"""Domain: what a carrier may read of the applications that were submitted to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from services.enrollment.domain.people import Person
from services.enrollment.domain.pricing import PlanLine
from services.enrollment.domain.self_identification import SelfIdentification

_ISSUER_LENGTH = 5


class FieldGroup(StrEnum):
    """Fields that a carrier reads only where its grant names them."""

    BIRTH_DATE = "birth_date"
    CONTACT = "contact"
    TOBACCO = "tobacco"
    LANGUAGE = "language"
    RACE = "race"
    SSN = "ssn"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class CarrierGrant:
    """``issuer_ids``: the HIOS issuer ids with which the carrier's plans begin; it sees no other."""

    issuer_ids: frozenset[str]
    field_groups: frozenset[FieldGroup]

    def covers(self, line: PlanLine) -> bool:
        return line.plan_id[:_ISSUER_LENGTH] in self.issuer_ids

    @property
    def gives_providers(self) -> bool:
        return FieldGroup.PROVIDER in self.field_groups

    def mask(self, person: Person) -> Person:
        """The person without what is not granted."""
        given = self.field_groups
        return replace(
            person,
            date_of_birth=person.date_of_birth if FieldGroup.BIRTH_DATE in given else None,
            contact=person.contact if FieldGroup.CONTACT in given else None,
            tobacco_use=person.tobacco_use if FieldGroup.TOBACCO in given else None,
            self_identification=self._mask_answers(person.self_identification),
            ssn=person.ssn if FieldGroup.SSN in given else "",
        )

    def _mask_answers(self, answers: SelfIdentification | None) -> SelfIdentification | None:
        if answers is None:
            return None
        speaks, has_race = FieldGroup.LANGUAGE in self.field_groups, FieldGroup.RACE in self.field_groups
        return SelfIdentification(
            answers.scheme,
            spoken_language=answers.spoken_language if speaks else "",
            written_language=answers.written_language if speaks else "",
            ethnicities=answers.ethnicities if has_race else (),
            identities=answers.identities if has_race else (),
        )


CarrierGrants = Mapping[str, CarrierGrant]
