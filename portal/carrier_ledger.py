"""``portal carrier-ledger``: the files that a carrier was sent, and where it is silent."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Annotated

import typer

from chassis.kernel import DomainError
from chassis.service import Runtime
from chassis.settings import load_markets, load_suite
from portal.carrier_exchange import SERVICE, Profiles, find_carrier, open_documents
from portal.carrier_files import FAULTY, FINE, refuse, say
from services.documents.domain.edi.sent_file import SentFile
from services.documents.edi.profile_files import SHIPPED
from services.documents.usecases.list_sent_files import ListSentFiles

# A month shows what open enrollment is about; what waits for an answer is shown however old it is.
DAYS_SHOWN = 31


def carrier_ledger(
    carrier: Annotated[str, typer.Option(help="Name of the carrier's profile.")],
    days: Annotated[int, typer.Option(min=1, help="Of so many days; older ones while they are not answered.")] = (
        DAYS_SHOWN
    ),
    profiles: Profiles = SHIPPED,
) -> None:
    """Show the files that a carrier was sent, a line for each, with how many policies stand where.

    Needs the settings of documents, and changes nothing. Exits with 0 when all is well, 1 when the carrier has not
    acknowledged a file in the time that its profile names (acknowledgment_hours) or a file was interrupted, 2 when the
    ledger cannot be read.
    """
    load_markets()
    runtime = Runtime(SERVICE, load_suite())
    profile = find_carrier(carrier, profiles)
    now = runtime.clock.now()
    try:
        since = now.astimezone(profile.zone).date() - timedelta(days=days)
        found = ListSentFiles(open_documents(runtime))(carrier, since)
    except DomainError as error:
        raise refuse(error) from None
    if not found:
        say(f"{carrier}: no file was sent in {days} days.")
    for one in found:
        say(describe(one, now, profile.zone))
    is_fine = not any(one.written_at is None or one.is_overdue(now) for one in found)
    raise typer.Exit(FINE if is_fine else FAULTY)


def describe(file: SentFile, now: datetime, zone: tzinfo) -> str:
    if file.written_at is None:
        return f"{file.name}: interrupted; run write-834 again"
    states = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in file.policies.items())
    line = f"{file.name}: written {file.written_at.astimezone(zone):%Y-%m-%d %H:%M}; {states}"
    if file.acknowledge_by is None or not file.is_overdue(now):
        return line
    waited, agreed, hour = now - file.written_at, file.acknowledge_by - file.written_at, timedelta(hours=1)
    return (
        f"{line}; SILENT: {file.unanswered} not acknowledged for {waited // hour} hours, agreed were {agreed // hour}"
    )
