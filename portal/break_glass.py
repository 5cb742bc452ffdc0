"""``portal break-glass``: somebody may look at one record of others for a while, for a reason that is kept."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import typer
from sqlalchemy import Row, insert, select, update

from chassis.db import Database
from chassis.db.access_log import AuditLine, insert_audit
from chassis.kernel import DomainError, new_id
from chassis.service import Runtime
from chassis.settings import SettingsError, load_markets, load_service, load_suite
from gateway.settings import GatewaySettings
from gateway.store.tables import emergency_access, users
from portal.carrier_files import FAULTY, FINE, refuse, say
from services.enrollment.store.tables import INFRASTRUCTURE, ApplicationRow

break_glass = typer.Typer(no_args_is_help=True, help="Open, list and end emergency access to single records.")

# An hour is enough to see what is wrong; whoever needs longer says so again. A day is the database's own limit.
HOURS, MOST_HOURS = 1, 24
# A sentence; a story belongs into the ticket.
LONGEST_REASON = 200
# Actions of the audit.
OPENED, ENDED = "emergency_access.opened", "emergency_access.ended"


class BreakGlassError(Exception):
    """A sentence that says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Databases:
    gateway: Database
    enrollment: Database
    now: datetime


@break_glass.command("open")
def open_access(
    user: Annotated[str, typer.Option(help="Address with which the person signs in.")],
    record: Annotated[str, typer.Option(help="Record number of the application.")],
    reason: Annotated[str, typer.Option(help="Why, as the producer will read it. No personal data.")],
    hours: Annotated[int, typer.Option(min=1, max=MOST_HOURS, help="It ends by itself after so many.")] = HOURS,
) -> None:
    """Let a user look at one application of somebody else's. The producer sees it in the application's timeline.

    Looking alone is allowed, and everything that is looked at is recorded under the id that is printed. It begins
    within a second. Exits with 0, or with 2 when it could not be opened.
    """
    if not 0 < len(reason := " ".join(reason.split())) <= LONGEST_REASON:
        raise typer.BadParameter(f"Give a reason of at most {LONGEST_REASON} characters.", param_hint="--reason")
    with _open_databases() as found:
        user_id, application = _find_user(found, user), _find_application(found, record)
        ends_at, grant_id = found.now + timedelta(hours=hours), new_id()
        said = f"{user} may look at this application until {ends_at:%Y-%m-%d %H:%M} UTC: {reason}"
        # first the line, so that nobody looks without it
        _tell(found, record, application.writing_number, OPENED, said)
        row = {
            "grant_id": grant_id,
            "user_id": user_id,
            "record_number": record,
            "number": application.writing_number,
            "state": application.state,
            "reason": reason,
            "opened_by": getpass.getuser()[:64],
            "opened_at": found.now,
            "ends_at": ends_at,
        }
        with found.gateway.transaction() as session:
            session.execute(insert(emergency_access).values(row))
    say(f"{grant_id}: {user} may look at {record} until {ends_at:%Y-%m-%d %H:%M} UTC.")


@break_glass.command("end")
def end_access(grant_id: Annotated[str, typer.Argument(metavar="ID", help="As `open` printed it.")]) -> None:
    """End an emergency access now. Exits with 0, 1 when none runs under this id, 2 when it could not be ended."""
    with _open_databases() as found:
        table = emergency_access.c
        running = update(emergency_access).where(table.grant_id == grant_id, table.ends_at > found.now)
        with found.gateway.transaction() as session:
            ended = session.execute(
                running.values(ends_at=found.now).returning(table.record_number, table.number)
            ).one_or_none()
        if ended:
            _tell(found, ended.record_number, ended.number, ENDED, "The emergency access was ended.")
    if not ended:
        refuse(BreakGlassError(f"No emergency access {grant_id} runs. `portal break-glass list` shows all."))
        raise typer.Exit(FAULTY)
    say(f"{grant_id}: ended.")


@break_glass.command("list")
def list_access() -> None:
    """List emergency accesses, the newest first. Changes nothing. Exits with 0, or with 1 while one runs."""
    with _open_databases() as found, found.gateway.transaction() as session:
        query = select(emergency_access, users.c.email).join(users, users.c.user_id == emergency_access.c.user_id)
        rows = session.execute(query.order_by(emergency_access.c.opened_at.desc())).all()
    if not rows:
        say("No emergency access was opened.")
    for row in rows:
        state = "RUNS until" if row.ends_at > found.now else "ended"
        opened = f"opened {row.opened_at:%Y-%m-%d %H:%M} by {row.opened_by}"
        until = f"{state} {row.ends_at:%Y-%m-%d %H:%M}"
        say(f"{row.grant_id}  {row.record_number}  {row.email}  {opened}, {until}: {row.reason}")
    raise typer.Exit(FAULTY if any(row.ends_at > found.now for row in rows) else FINE)


def _find_user(found: Databases, email: str) -> str:
    query = select(users.c.user_id).where(users.c.email == email.lower(), users.c.active)
    with found.gateway.transaction() as session:
        user_id = session.scalar(query)
    if user_id is None:
        raise BreakGlassError(f"Nobody signs in with {email}. Emergency access is for a user of the portal.")
    return str(user_id)


def _find_application(found: Databases, record: str) -> Row[str, str]:
    query = select(ApplicationRow.writing_number, ApplicationRow.state).where(ApplicationRow.record_number == record)
    with found.enrollment.transaction() as session:
        application = session.execute(query).one_or_none()
    if application is None:
        raise BreakGlassError(f"There is no application {record}.")
    return application


def _tell(found: Databases, record: str, number: str, action: str, said: str) -> None:
    """In the application's timeline, and so in the audit."""
    with found.enrollment.transaction() as session:
        line = AuditLine(found.now, "operator", record, action, said, on_behalf_of=number)
        insert_audit(session, INFRASTRUCTURE.audit, line)


@contextmanager
def _open_databases() -> Iterator[Databases]:
    """What goes wrong within is a sentence."""
    try:
        load_markets()
        suite = load_suite()
        gateway = Database(load_service(GatewaySettings, "gateway").database_url.get_secret_value())
        yield Databases(gateway, Runtime("enrollment", suite).database, suite.clock().now())
    except SettingsError as wrong:
        raise refuse(BreakGlassError(wrong)) from None
    except (BreakGlassError, DomainError) as why:
        raise refuse(why) from None
