"""Acts of commands: store the catalogues that come as files (the ``seed`` command, and a carrier's own filing)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from chassis.kernel import Conflict
from services.quote.domain.filing import Filing, GeographyFiles
from services.quote.domain.filing_gaps import refuse_without_plans_or_counties


class Source(Protocol):
    """A set of files. ``digest`` changes with anything that its content depends on."""

    @property
    def name(self) -> str: ...
    @property
    def digest(self) -> str: ...


class GeographyReader(Source, Protocol):
    def read(self) -> GeographyFiles: ...


class FilingReader(Source, Protocol):
    """``may_be_empty``: that nothing of it applies is no fault, as of the sets that come with the service."""

    @property
    def may_be_empty(self) -> bool: ...
    def read(self) -> Filing: ...


class CatalogueWriter(Protocol):
    """The stored catalogues, inside one transaction."""

    def lock(self) -> None:
        """Waits until nobody else is loading; held to the end of the transaction."""
        ...

    def digest(self, name: str) -> str | None: ...
    def put_geography(self, name: str, digest: str, files: GeographyFiles) -> None: ...
    def put_filing(self, name: str, digest: str, filing: Filing) -> int:
        """How many rates it holds. Raises FilingRefused at a bad row; the catalogue that was there stays."""
        ...

    def remove_replaced(self) -> int:
        """Delete the catalogues that were replaced some time ago; how many."""
        ...


class OpenCatalogueWriter(Protocol):
    def __call__(self) -> AbstractContextManager[CatalogueWriter]: ...


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What became of a set: ``plans`` and ``rates`` are 0 for the geography; nothing was written if ``unchanged``.

    ``not_filed``: how many placeholders stood for rates.
    """

    name: str
    unchanged: bool
    plans: int = 0
    rates: int = 0
    not_filed: int = 0


def load_catalogues(
    open_writer: OpenCatalogueWriter, geography: GeographyReader, filings: Sequence[FilingReader]
) -> Iterator[LoadResult]:
    """Stores each set whose digest changed, whole or not at all, one transaction a set. Safe to run at any time.

    Raises Conflict for a filing that would take the place of the geography.
    """
    if any(filing.name == geography.name for filing in filings):
        raise Conflict(f"{geography.name} has the ZIP codes and counties that every quote needs; give another --name.")
    yield _load_geography(open_writer, geography)
    for filing in filings:
        yield _load_filing(open_writer, filing)
    with open_writer() as writer:
        writer.lock()
        writer.remove_replaced()


def _load_geography(open_writer: OpenCatalogueWriter, source: GeographyReader) -> LoadResult:
    with open_writer() as writer:
        writer.lock()
        if writer.digest(source.name) == source.digest:
            return LoadResult(source.name, unchanged=True)
        writer.put_geography(source.name, source.digest, source.read())
    return LoadResult(source.name, unchanged=False)


def _load_filing(open_writer: OpenCatalogueWriter, source: FilingReader) -> LoadResult:
    with open_writer() as writer:
        writer.lock()
        if writer.digest(source.name) == source.digest:
            return LoadResult(source.name, unchanged=True)
        filing = source.read()
        if filing.plans or not source.may_be_empty:
            refuse_without_plans_or_counties(filing)
        rates = writer.put_filing(source.name, source.digest, filing)
    not_filed = filing.tally.not_filed.total()
    return LoadResult(source.name, unchanged=False, plans=len(filing.plans), rates=rates, not_filed=not_filed)
