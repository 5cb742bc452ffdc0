"""How one carrier wants its pay-now assertion: a YAML file with a version, checked when it is read."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from chassis.yaml_file import BadYaml, load_mapping

_FILE_NAME = re.compile(r"([a-z0-9-]+)\.([1-9]\d*)\.yaml")
# What the carrier knows the suite, and itself, by: an address or a URN.
EntityId = Annotated[str, StringConstraints(pattern=r"^\S+$", max_length=1024)]
AttributeName = Annotated[str, StringConstraints(pattern=r"^(|\S.{0,98}\S)$")]
OwnName = Annotated[str, StringConstraints(pattern=r"^\S.{0,98}\S$")]
OwnValue = Annotated[str, StringConstraints(pattern=r"^\S.{0,198}$")]


class BadPayNowProfile(ValueError):
    """Names the file, the place in it and what is wrong there."""


class SignedPart(StrEnum):
    ASSERTION = "assertion"
    RESPONSE = "response"


class DateFormat(StrEnum):
    """How the effective date is written."""

    AMERICAN = "MM/DD/YYYY"
    ISO = "YYYY-MM-DD"

    def write(self, day: date) -> str:
        return day.isoformat() if self is DateFormat.ISO else f"{day:%m/%d/%Y}"


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AttributeNames(_Shape):
    """The carrier's name of each attribute; an empty one is not sent. The names here are those of most exchanges."""

    payment_transaction_id: AttributeName = "Payment Transaction ID"
    market_indicator: AttributeName = "Market Indicator"
    plan_id: AttributeName = "Assigned QHP Identifier"
    total_amount_owed: AttributeName = "Total Amount Owed"
    premium_total: AttributeName = "Premium Amount Total"
    aptc_amount: AttributeName = "APTC Amount"
    effective_date: AttributeName = "Proposed Coverage Effective Date"
    first_name: AttributeName = "First Name"
    middle_name: AttributeName = "Middle Name"
    last_name: AttributeName = "Last Name"
    street: AttributeName = "Street Name 1"
    unit: AttributeName = "Street Name 2"
    city: AttributeName = "City Name"
    state: AttributeName = "State"
    zip_code: AttributeName = "Zip Code"
    email: AttributeName = "Contact Email Address"
    subscriber_id: AttributeName = "Subscriber Identifier"
    # Not sent unless the carrier names them: the way back, the number of the application, and everybody who is covered
    # ("Ada,Sample,;Ben,Sample,Jr.").
    return_url: AttributeName = ""
    consumer_id: AttributeName = ""
    members: AttributeName = ""


class PayNowProfile(_Shape):
    """One carrier's profile. Times are short because the assertion is a bearer's."""

    # HIOS issuer id: the carrier of whose plans.
    issuer_id: Annotated[str, StringConstraints(pattern=r"^\d{5}$")]
    pay_url: Annotated[str, StringConstraints(pattern=r"^https://[^\s/]+\S*$")]
    audience: EntityId
    # The suite, as the carrier knows it.
    entity_id: EntityId
    # Sent beside the response where the carrier asks for it.
    relay_state: str = ""
    signed: SignedPart = SignedPart.ASSERTION
    # Exchanges give five minutes; nobody needs ten for one click.
    valid_seconds: Annotated[int, Field(ge=60, le=600)] = 300
    # How far the carrier's clock may be behind ours.
    clock_skew_seconds: Annotated[int, Field(ge=0, le=60)] = 5
    date_format: DateFormat = DateFormat.AMERICAN
    market_indicator: Literal["Individual", "individual"] = "Individual"
    attributes: AttributeNames = AttributeNames()
    # The carrier's own, with one value for everybody: {TIN Identification: "987654321", User Type: Consumer}.
    own_attributes: dict[OwnName, OwnValue] = {}

    @model_validator(mode="after")
    def _must_differ(self) -> Self:
        sent = [*filter(None, self.attributes.model_dump().values()), *self.own_attributes]
        if len(sent) != len(set(sent)):
            raise ValueError("each attribute needs a name of its own")
        return self


def load_pay_now_profile(path: Path) -> PayNowProfile:
    """Raises BadPayNowProfile."""
    if not _FILE_NAME.fullmatch(path.name):
        raise BadPayNowProfile(f"{path.name}: a profile is named like sample-carrier.1.yaml, with its version")
    try:
        return PayNowProfile.model_validate(load_mapping(path))
    except BadYaml as error:
        raise BadPayNowProfile(str(error)) from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BadPayNowProfile(f"{path.name}: {place}: {first['msg']}") from None


def load_pay_now_profiles(folder: Path) -> dict[str, PayNowProfile]:
    """By issuer id, each carrier's newest version. Raises BadPayNowProfile."""
    found: dict[str, PayNowProfile] = {}
    names: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml"), key=_version):
        profile, name = load_pay_now_profile(path), path.name.partition(".")[0]
        if names.setdefault(profile.issuer_id, name) != name:
            raise BadPayNowProfile(f"{path.name}: issuer_id: {names[profile.issuer_id]} has the same")
        found[profile.issuer_id] = profile
    return found


def _version(path: Path) -> tuple[str, int]:
    named = _FILE_NAME.fullmatch(path.name)
    return (named[1], int(named[2])) if named else (path.name, 0)
