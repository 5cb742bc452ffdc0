"""``portal write-834`` and ``carrier-answers``: what a carrier is told of policies, and what it answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from chassis.db import PostgresTransactions
from chassis.kernel import DomainError
from chassis.service import Runtime
from chassis.settings import load_markets, load_suite
from portal.carrier_files import FAULTY, FINE, File, read_parts, refuse, say
from services.documents.domain.edi.carrier_answers import CarrierAnswer, UnexpectedAnswer, read_answers
from services.documents.domain.edi.carrier_profile import CarrierProfile
from services.documents.domain.edi.policy_ledger import LedgerEntry, PolicyOutcome
from services.documents.edi.profile_files import SHIPPED, BadCarrierProfile, find_profile
from services.documents.events.outgoing import event_to_proto
from services.documents.remote.submissions import EnrollmentSubmissions
from services.documents.settings import DocumentsSettings
from services.documents.store.contents import DocumentContents
from services.documents.store.document_ciphers import DocumentCiphers
from services.documents.store.outgoing_folder import OutgoingFolder
from services.documents.store.work import UnitOfWork, make_transactions
from services.documents.usecases.read_carrier_answers import ReadCarrierAnswers
from services.documents.usecases.write_carrier_file import WriteCarrierFile, WrittenFile

SERVICE = "documents"
Profiles = Annotated[
    Path, typer.Option("--profiles", exists=True, file_okay=False, help="Folder with the carriers' profiles.")
]
_Folder = Annotated[
    Path, typer.Option("--out", exists=True, file_okay=False, writable=True, help="Folder for the file.")
]


def write_834(
    carrier: Annotated[str, typer.Option(help="Name of the carrier's profile.")],
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Through which submissions are sent; otherwise today.")
    ] = None,
    out: _Folder = Path(),
    profiles: Profiles = SHIPPED,
    rejected: Annotated[bool, typer.Option("--rejected", help="Send what the carrier rejected again.")] = False,
) -> None:
    """Write a carrier's 834 of a day: what it was not told before. Needs the settings of documents.

    A second run for the same day writes nothing new; one that was interrupted is finished. Exits with 0 when all is
    well, 1 when a policy stayed out of the file, with a line for each, 2 when nothing could be written.
    """
    load_markets()
    runtime = Runtime(SERVICE, load_suite())
    profile = find_carrier(carrier, profiles)
    write = WriteCarrierFile(
        open_documents(runtime), EnrollmentSubmissions(runtime.bus), OutgoingFolder(out), runtime.clock
    )
    asked = day.date() if day else runtime.clock.now().astimezone(profile.zone).date()
    try:
        written = write(profile, asked, with_rejected=rejected)
    except (DomainError, OSError) as error:
        raise refuse(error) from None
    if not written:
        say(f"{carrier}: nothing new for {asked}.")
    for one in written:
        _tell(one)
    raise typer.Exit(FAULTY if any(one.set_aside for one in written) else FINE)


def carrier_answers(
    file: File,
    carrier: Annotated[
        str | None, typer.Option(help="Name of the carrier's profile: keep the answers, and move its policies.")
    ] = None,
    profiles: Profiles = SHIPPED,
) -> None:
    """Show what a carrier's file says, a line of JSON for each acknowledgment, effectuation and ending.

    With --carrier, its policies move and the applications' timelines say so; this needs the settings of documents. A
    file that was read before changes nothing. Exits with 0 when everything is understood and fits what was sent, 1 when
    an answer has to be looked at.
    """
    told = _keep(file, carrier, profiles) if carrier else ((one, ()) for one in read_answers(read_parts(file)))
    is_fine = True
    for answer, entries in told:
        is_fine = is_fine and not isinstance(answer, UnexpectedAnswer)
        is_fine = is_fine and all(isinstance(entry, PolicyOutcome) for entry in entries)
        meant = [{"entry": type(entry).__name__, **asdict(entry)} for entry in entries]
        said = {"answer": type(answer).__name__, **asdict(answer), **({"meant": meant} if carrier else {})}
        say(json.dumps(said, default=str))
    raise typer.Exit(FINE if is_fine else FAULTY)


def _keep(file: Path, carrier: str, profiles: Path) -> Iterator[tuple[CarrierAnswer, tuple[LedgerEntry, ...]]]:
    load_markets()
    runtime = Runtime(SERVICE, load_suite())
    profile = find_carrier(carrier, profiles)
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    try:
        judged = ReadCarrierAnswers(open_documents(runtime), runtime.clock)(profile, digest, read_parts(file))
    except DomainError as error:
        raise refuse(error) from None
    if judged is None:
        say(json.dumps({"answer": "ReadBefore", "sha256": digest}))
    return ((one.answer, one.entries) for one in judged or ())


def open_documents(runtime: Runtime) -> PostgresTransactions[UnitOfWork]:
    ciphers = DocumentCiphers.with_keys(runtime.settings(DocumentsSettings).key_ring)
    return make_transactions(runtime.database, DocumentContents(ciphers), event_to_proto)


def find_carrier(carrier: str, profiles: Path) -> CarrierProfile:
    try:
        return find_profile(carrier, profiles)
    except BadCarrierProfile as error:
        raise refuse(error) from None


def _tell(written: WrittenFile) -> None:
    planned = written.interchange
    by_number = {one.control_number: one for one in planned.transactions}
    for number, why in written.set_aside.items():
        one = by_number[number]
        say(f"{one.policy.policy_id} ({one.maintenance}) stayed out: {why}")
    if written.sha256:
        say(f"{planned.file_name}: {written.sent} policies, sha256 {written.sha256}")
    else:
        say(f"{planned.carrier}: no policy could be written for {planned.day}.")
