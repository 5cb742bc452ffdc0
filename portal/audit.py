"""``portal audit``: whether the audit is whole, and what it says of a person or a record."""

from __future__ import annotations

import csv
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

import services
from chassis.crypto import derive_key
from chassis.db.audit_check import AuditFindings, check_audit
from chassis.db.audit_export import AuditEntry, find_entries
from chassis.db.signature import KEY_PURPOSE
from chassis.kernel import DomainError
from chassis.service import Runtime, Service
from chassis.settings import SettingsError, load_markets, load_suite
from portal.carrier_files import FAULTY, FINE, refuse, say
from services.enrollment.settings import EnrollmentSettings
from services.enrollment.store.person_subjects import PersonSubjectRepository

audit = typer.Typer(no_args_is_help=True, help="Verify the audit, and export it for an auditor.")

# A fault names its place; after so many of one service it is clear that more than a row is wrong.
FAULTS_SHOWN = 20
_DAY = "%Y-%m-%d"

Keys = Annotated[
    list[Path] | None,
    typer.Option("--old-identity-key", exists=True, dir_okay=False, help="File with an identity key of before (JWK)."),
]


class AuditError(Exception):
    """A sentence that says why, and what to do."""


@dataclass(frozen=True, slots=True)
class AuditedService:
    """A service's database and the keys that its rows may be signed with."""

    service: Service
    runtime: Runtime
    keys: Sequence[bytes]


@audit.command("verify")
def verify(
    anchors: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="File with the last seals of earlier runs; today's are added to it."),
    ] = None,
    old_keys: Keys = None,
) -> None:
    """Look through the audit of every service for rows that were changed, removed or inserted. Changes no database.

    Keep the file of --anchors on another machine: it alone shows that the end of an audit was cut off with its seals.
    Exits with 0 when all is whole, 1 with a sentence for each fault, the first broken place first, 2 when a database
    could not be read.
    """
    faulty = False
    with _telling_why():
        known = _read_anchors(anchors)
        heads: list[dict[str, Any]] = []
        for one in open_services(old_keys or ()):
            seen = known.get(one.service.name, ())
            found = check_audit(one.runtime.database, one.service.infrastructure, one.keys, seen)
            _tell(one.service.name, found)
            faulty = faulty or bool(found.faults)
            if found.seals:
                heads.append({"service": one.service.name, "seal": found.head[0], "hash": found.head[1]})
        if anchors and not faulty:
            with anchors.open("a") as file:
                file.writelines(json.dumps(head) + "\n" for head in heads)
    raise typer.Exit(FAULTY if faulty else FINE)


@audit.command("export")
def export(
    record: Annotated[str | None, typer.Option(help="Record number of an application, or id of a quote.")] = None,
    person: Annotated[str | None, typer.Option(help="Id of a client: all records and quotes of this person.")] = None,
    ssn: Annotated[
        bool, typer.Option("--ssn", help="Ask for a Social Security number: of everybody who is known by it.")
    ] = False,
    since: Annotated[datetime | None, typer.Option("--from", formats=[_DAY], help="First day, in UTC.")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=[_DAY], help="Last day, in UTC.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV instead of a JSON object on each line.")] = False,
    old_keys: Keys = None,
) -> None:
    """Write who was told what about a record or a person, and who changed it, over all services, oldest first.

    It names fields and kinds of data, never what is in them. `signature` says of each line whether it is as its writer
    signed it. Exits with 0, with 1 when nothing was found, 2 when a database could not be read.
    """
    if sum(map(bool, (record, person, ssn))) != 1:
        raise typer.BadParameter("Give one of --record, --person and --ssn.")
    number = typer.prompt("Social Security number", hide_input=True) if ssn else ""
    with _telling_why():
        opened = list(open_services(old_keys or ()))
        subjects = _find_subjects(opened, record or "", person or "", "".join(filter(str.isdigit, number)))
        first = since.replace(tzinfo=UTC) if since else None
        end = until.replace(tzinfo=UTC) + timedelta(days=1) if until else None
        entries = [
            entry
            for one in opened
            for entry in find_entries(
                one.service.name, one.runtime.database, one.service.infrastructure, one.keys, subjects, first, end
            )
        ]
    write_entries(sorted(entries, key=lambda entry: (entry.at, entry.service, entry.kind, entry.id)), as_csv=as_csv)
    if not entries:
        refuse(AuditError("Nothing is recorded about that in this time."))
        raise typer.Exit(FAULTY)


def open_services(old_keys: Iterable[Path]) -> Iterator[AuditedService]:
    """Every service of the suite, with the settings of its own processes."""
    load_markets()
    suite = load_suite()
    former = [derive_key(path.read_text(), KEY_PURPOSE) for path in old_keys]
    for module in pkgutil.iter_modules(services.__path__):
        if module.ispkg:
            service: Service = importlib.import_module(f"services.{module.name}.__main__").SERVICE
            runtime = Runtime(service.name, suite)
            yield AuditedService(service, runtime, [runtime.derive_key(KEY_PURPOSE), *former])


def write_entries(entries: Sequence[AuditEntry], *, as_csv: bool) -> None:
    if as_csv:
        writer = csv.DictWriter(sys.stdout, list(AuditEntry.NAMES))
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in entry.fields.items()} for entry in entries)
        return
    for entry in entries:
        sys.stdout.write(json.dumps(entry.fields, ensure_ascii=False) + "\n")


def _cell(value: Any) -> str:
    """A cell that begins like a formula is text to a spreadsheet with a quote in front."""
    written = " ".join(value) if isinstance(value, list) else str(value)
    return f"'{written}" if written[:1] in ("=", "+", "-", "@") else written


def _find_subjects(opened: Sequence[AuditedService], record: str, person: str, ssn: str) -> list[str]:
    (enrollment,) = (one for one in opened if one.service.name == "enrollment")
    settings = enrollment.runtime.settings(EnrollmentSettings)
    people = PersonSubjectRepository(enrollment.runtime.database, settings.ssn_encryption)
    if record:
        return people.of_record(record)
    found = people.of_client(person) if person else people.of_ssn(ssn)
    if not found:
        raise AuditError("Nobody is known by that. `--person` takes a client id, as the address of its page has it.")
    return found


def _tell(name: str, found: AuditFindings) -> None:
    unsealed = f", {found.unsealed:,} not sealed yet" if found.unsealed else ""
    unsigned = f", {found.unsigned:,} of the release before without a signature" if found.unsigned else ""
    head = f"; last seal {found.head[0]:,}: {found.head[1]}" if found.seals else ""
    verdict = f"{len(found.faults):,} FAULTS" if found.faults else "whole"
    say(f"{name}: {verdict}, {found.rows:,} rows in {found.seals:,} seals{unsealed}{unsigned}{head}")
    for fault in found.faults[:FAULTS_SHOWN]:
        say(f"  {fault}")
    if len(found.faults) > FAULTS_SHOWN:
        say(f"  and {len(found.faults) - FAULTS_SHOWN:,} more")


def _read_anchors(path: Path | None) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    if path is None or not path.exists():
        return found
    for line in path.read_text().splitlines():
        try:
            head = json.loads(line)
            found.setdefault(head["service"], []).append((int(head["seal"]), str(head["hash"])))
        except (ValueError, KeyError, TypeError):
            raise AuditError(f"{path} is no file of anchors. Name another one, or none.") from None
    return found


@contextmanager
def _telling_why() -> Iterator[None]:
    try:
        yield
    except SettingsError as wrong:
        raise refuse(AuditError(wrong)) from None
    except (AuditError, DomainError, OSError) as why:
        raise refuse(why) from None
