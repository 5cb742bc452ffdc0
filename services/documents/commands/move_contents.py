"""Command ``move-contents``: take the documents of before out of the database."""

from __future__ import annotations

from rich.console import Console

from chassis.kernel import Transactions, Unavailable
from services.documents.usecases.move_contents import MoveContents
from services.documents.usecases.ports import DocumentsUnitOfWork

# Told so often while it runs: every few seconds with documents of usual size.
TOLD_EVERY = 500


def move_contents(opened: Transactions[DocumentsUnitOfWork]) -> None:
    """Exits with 1 when the store does not answer, or a document is damaged and stays in the database."""
    console = Console(stderr=True)

    def watch(moved: int) -> None:
        if moved and moved % TOLD_EVERY == 0:
            console.print(f"{moved:,} moved", highlight=False)

    try:
        found = MoveContents(opened)(watch)
    except Unavailable as away:
        console.print(f"{away.message} Run the command again; what moved stays moved.", style="red", soft_wrap=True)
        raise SystemExit(1) from None
    console.print(f"moved into the store: {found.moved:,}; damaged, left in the database: {found.damaged:,}")
    if found.damaged:
        raise SystemExit(1)
