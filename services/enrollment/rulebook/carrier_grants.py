"""Carriers' grants: the operator's file, one entry a carrier."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel, StringConstraints, ValidationError

from chassis.yaml_file import BadYaml, load_mapping
from services.enrollment.domain.carrier_grants import CarrierGrant, CarrierGrants, FieldGroup
from services.enrollment.rulebook.strict import Strict

CarrierName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
IssuerId = Annotated[str, StringConstraints(pattern=r"^\d{5}$")]


class GrantShape(Strict):
    issuer_ids: Annotated[frozenset[IssuerId], Field(min_length=1)]
    field_groups: frozenset[FieldGroup]


class GrantsShape(RootModel[dict[CarrierName, GrantShape]]):
    """By the name of the carrier's profile."""


def load_carrier_grants(path: Path | None) -> CarrierGrants:
    """Nobody may read anything without a file. Ends the process with a sentence when it is not what it should be."""
    return _read(path) if path else {}


def _read(path: Path) -> Mapping[str, CarrierGrant]:
    try:
        found = GrantsShape.model_validate(load_mapping(path)).root
    except BadYaml as error:
        raise SystemExit(str(error)) from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise SystemExit(f"{path.name}: {place}: {first['msg']}") from None
    return {name: CarrierGrant(grant.issuer_ids, grant.field_groups) for name, grant in found.items()}
