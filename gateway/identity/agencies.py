"""Agencies: who stands above whom, read from a file of the operator's (docs/how-to/set-up-agencies.md).

A producer who stands above others sees what is under their writing numbers, and does there what the agency allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.exc import IntegrityError

from chassis.db import Database
from chassis.yaml_file import BadYaml, load_mapping
from gateway.store import agency_rows
from gateway.store.agency_rows import AgencyMembership
from gateway.store.database import GatewayDatabase
from gateway.user import DelegatedAction


class BadHierarchy(ValueError):
    """Says what is wrong in the file."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AgencyMember(_Strict):
    """By the email addresses with which they sign in; ``upline``: who stands directly above."""

    email: str
    upline: str | None = None


class Agency(_Strict):
    """``upline_actions``: what those above may do besides looking."""

    # as long as the column
    name: Annotated[str, Field(min_length=1, max_length=120)]
    upline_actions: tuple[DelegatedAction, ...] = ()
    members: tuple[AgencyMember, ...] = ()

    @property
    def uplines(self) -> Mapping[str, str | None]:
        """Email -> the email of who stands directly above."""
        return {one.email.lower(): one.upline.lower() if one.upline else None for one in self.members}


class _File(_Strict):
    agencies: tuple[Agency, ...]


def read_agencies(path: Path) -> Sequence[Agency]:
    """Raises BadHierarchy for what no hierarchy can be."""
    try:
        found = _File.model_validate(load_mapping(path)).agencies
    except BadYaml as error:
        raise BadHierarchy(str(error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise BadHierarchy(f"{path}: {place}: {first['msg']}") from None
    for agency in found:
        _check(agency)
    listed = [email for agency in found for email in agency.uplines]
    if twice := sorted({email for email in listed if listed.count(email) > 1}):
        raise BadHierarchy(f"{', '.join(twice)}: a producer can be in one agency only.")
    return found


def _check(agency: Agency) -> None:
    uplines = agency.uplines
    if len(uplines) < len(agency.members):
        raise BadHierarchy(f"{agency.name}: a member is listed twice.")
    for email in uplines:
        above, at = [email], uplines[email]
        while at is not None:
            if at not in uplines:
                raise BadHierarchy(f"{agency.name}: {at} stands above {email} and is not a member.")
            if at in above:
                raise BadHierarchy(f"{agency.name}: {email} would stand above himself.")
            above.append(at)
            at = uplines[at]


def load_agencies(database: Database, wanted: Sequence[Agency]) -> None:
    """All agencies of the file or none; who is no longer listed in one leaves it. Others stay as they are.

    Raises BadHierarchy for who is no producer here, or is in an agency that the file does not name.
    """
    emails = [email for agency in wanted for email in agency.uplines]
    try:
        with database.engine.begin() as connection:
            ids = agency_rows.find_producers(connection, emails)
            if unknown := sorted(set(emails) - set(ids)):
                raise BadHierarchy(f"No producer signs in as {', '.join(unknown)}.")
            known = [(agency_rows.put_agency(connection, one.name, one.upline_actions), one) for one in wanted]
            for agency_id, _ in known:  # first, since somebody may move from one to another
                agency_rows.replace_members(connection, agency_id, {})
            for agency_id, agency in known:
                uplines = {ids[email]: ids[above] if above else None for email, above in agency.uplines.items()}
                agency_rows.replace_members(connection, agency_id, uplines)
    except IntegrityError:
        raise BadHierarchy("A producer of the file is in an agency that it does not name. Name both.") from None


async def find_agency_membership(database: GatewayDatabase, user_id: str) -> AgencyMembership | None:
    async with database.autocommit_read() as connection:
        return await agency_rows.find_membership(connection, user_id)
