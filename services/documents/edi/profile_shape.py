"""Carrier profiles: the form of their files. An unknown key is a typing error and is rejected."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from services.documents.domain.edi.carrier_profile import (
    CarrierCategory,
    CarrierProfile,
    FieldGroup,
    MaintenanceCodes,
    ProviderNumberKind,
    ReportingCategory,
    TradingPartners,
)
from services.documents.domain.edi.enrollment import Maintenance, MemberChange, MemberRelationship

# No delimiter, no small letter: what partners and X12 give names to.
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9 .,/&'()\-]*$", max_length=50)]
PartnerId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9 \-]{0,13}[A-Z0-9]$")]
IssuerId = Annotated[str, StringConstraints(pattern=r"^\d{5}$")]
# INS03, INS04 and the additional reason.
Codes = tuple[
    Annotated[str, StringConstraints(pattern=r"^0(01|21|24)$")],
    Annotated[str, StringConstraints(pattern=r"^([A-Z0-9]{2})?$")],
    Annotated[str, StringConstraints(pattern=r"^[A-Z\- ]*$", max_length=50)],
]


# Code source 859 of the CDC.
RaceCode = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d$")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PartnersShape(_Shape):
    sender_id: PartnerId
    receiver_id: PartnerId
    group_sender_id: PartnerId
    usage: Literal["P", "T"]


class CarrierCategoryShape(_Shape):
    name: Code
    qualifier: Literal["17", "9V", "9X", "6M", "ZZ"]
    value: Code


class CategoriesShape(_Shape):
    initial: tuple[ReportingCategory, ...]
    change: tuple[ReportingCategory, ...]
    cancellation: tuple[ReportingCategory, ...]
    termination: tuple[ReportingCategory, ...]


class ChangesShape(_Shape):
    """One entry for each change that there is."""

    unchanged: Codes
    added: Codes
    removed: Codes
    address: Codes
    identity: Codes
    demographic: Codes
    premium: Codes
    producer: Codes


class RelationshipsShape(_Shape):
    subscriber: Literal["18"] = Field(alias="self")
    spouse: Code
    child: Code
    other_dependent: Code


class ProfileShape(_Shape):
    """A whole profile: the shared file with the carrier's own over it."""

    partners: PartnersShape
    insurer_name: Code
    insurer_tax_id: Annotated[str, StringConstraints(pattern=r"^\d{9}$")]
    issuer_ids: Annotated[frozenset[IssuerId], Field(min_length=1)]
    time_zone: str
    time_code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    initial: Codes
    changes: ChangesShape
    cancellations: dict[str, Codes]
    terminations: dict[str, Codes]
    relationships: RelationshipsShape
    disabled_dependent: Code
    categories: CategoriesShape
    own_categories: tuple[CarrierCategoryShape, ...]
    exchange_id: Annotated[str, StringConstraints(pattern=r"^(\{state\}|[A-Z0-9])+$")]
    application_origin: Code
    sep_reasons: dict[str, Code]
    race_codes: dict[str, RaceCode]
    ethnicity_codes: dict[str, RaceCode]
    languages: dict[str, Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]]
    sends: frozenset[FieldGroup]
    provider_qualifier: ProviderNumberKind
    member_share: bool
    # Two days where nothing else is agreed: a carrier acknowledges by machine, also on a weekend.
    acknowledgment_hours: Annotated[int, Field(ge=1, le=720)] = 48

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"there is no time zone {name}; give one like America/Chicago") from None
        return name

    def to_domain(self, name: str, version: int) -> CarrierProfile:
        return CarrierProfile(
            name=name,
            version=version,
            partners=TradingPartners(**dict(self.partners)),
            insurer_name=self.insurer_name,
            insurer_tax_id=self.insurer_tax_id,
            issuer_ids=self.issuer_ids,
            zone=ZoneInfo(self.time_zone),
            time_code=self.time_code,
            initial=MaintenanceCodes(*self.initial),
            changes={change: MaintenanceCodes(*getattr(self.changes, change)) for change in MemberChange},
            endings={
                Maintenance.CANCELLATION: _codes_by_reason(self.cancellations),
                Maintenance.TERMINATION: _codes_by_reason(self.terminations),
            },
            relationships={
                MemberRelationship(one): code for one, code in self.relationships.model_dump(by_alias=True).items()
            },
            disabled_dependent=self.disabled_dependent,
            categories={one: getattr(self.categories, one) for one in Maintenance},
            own_categories=tuple(CarrierCategory(**dict(one)) for one in self.own_categories),
            exchange_id=self.exchange_id,
            application_origin=self.application_origin,
            sep_reasons=self.sep_reasons,
            race_codes=self.race_codes,
            ethnicity_codes=self.ethnicity_codes,
            languages=self.languages,
            sends=self.sends,
            provider_qualifier=self.provider_qualifier,
            member_share=self.member_share,
            acknowledgment_hours=self.acknowledgment_hours,
        )


def _codes_by_reason(written: dict[str, Codes]) -> dict[str, MaintenanceCodes]:
    return {reason: MaintenanceCodes(*codes) for reason, codes in written.items()}
