"""``portal carrier-profile`` and ``check-834``: a carrier's profile and its file, judged without the suite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.documents.domain.edi.file_checks import check_file
from services.documents.edi.profile_files import BadCarrierProfile, load_profile

FINE, FAULTY, CANNOT = 0, 1, 2
# Characters that are read at a time, so that memory does not grow with the file.
_PART = 65_536

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE")]


def carrier_profile(file: File) -> None:
    """Check how a carrier wants its 834, before it is used.

    Exits with 0 when the profile can be used, 2 with the place of the mistake when not.
    """
    try:
        profile = load_profile(file)
    except BadCarrierProfile as error:
        raise refuse(error) from None
    sent = ", ".join(sorted(profile.sends)) or "none of the optional fields"
    usage = "production" if profile.partners.usage == "P" else "test"
    say(f"{profile.name}, version {profile.version}: {usage} files; sends {sent}.")


def check_834(file: File) -> None:
    """Judge an 834 file as carriers do: envelope, counts, and what they refuse although its form is valid.

    Exits with 0 when nothing is wrong, 1 with a line for each fault. No line repeats what a person typed.
    """
    is_fine = True
    for fault in check_file(read_parts(file)):
        is_fine = False
        where = f"transaction {fault.transaction}: " if fault.transaction else ""
        say(f"{where}{fault.message} ({fault.code})")
    if not is_fine:
        raise typer.Exit(FAULTY)
    say("No faults.")


def read_parts(path: Path) -> Iterator[str]:
    """A byte is a character: what is not ASCII is for the check to find."""
    with path.open(encoding="latin-1", newline="") as file:
        while part := file.read(_PART):
            yield part


def refuse(error: Exception) -> typer.Exit:
    """Says what is wrong."""
    Console(stderr=True, emoji=False).print(str(error), highlight=False, markup=False, soft_wrap=True)
    return typer.Exit(CANNOT)


def say(line: str) -> None:
    Console(emoji=False).print(line, highlight=False, markup=False, soft_wrap=True)
