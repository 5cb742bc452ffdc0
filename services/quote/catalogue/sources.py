"""Catalogue: the sets of files that come with the service, each with a digest of all that its content depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from chassis.kernel import get_markets
from services.quote.catalogue.files import PublicUseFiles
from services.quote.catalogue.geography import read_geography
from services.quote.catalogue.landscape import LandscapeFiles, read_landscape
from services.quote.catalogue.puf import read_public_use_files
from services.quote.catalogue.rows import Watch, ignore_progress
from services.quote.domain.filing import EmptyFiling, Filing, GeographyFiles
from services.quote.domain.plan import CatalogueKind

DATA = Path(__file__).parent.parent / "data"
# Raise it when the readers take something else from the same files, so that stored catalogues are loaded again.
READER_VERSION = 4


@dataclass(frozen=True)
class FileSet:
    """Files on disk that are stored together under one name."""

    name: str
    files: Sequence[Path]
    # What else the content depends on: the options of the command.
    options: str = field(default="", kw_only=True)

    @cached_property
    def digest(self) -> str:
        digest = hashlib.sha256(f"{READER_VERSION} {self.options}".encode())
        for path in self.files:
            with path.open("rb") as file:
                digest.update(path.name.encode() + b"\0" + hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()


@dataclass(frozen=True)
class GeographySource(FileSet):
    """ZIP to county, and county to rating area."""

    zips: Sequence[Path]
    counties: Sequence[Path]

    @cached_property
    def _content(self) -> GeographyFiles:
        return read_geography(self.zips, self.counties)

    def read(self) -> GeographyFiles:
        return self._content


@dataclass(frozen=True)
class FilingSource(FileSet):
    """The catalogue of one plan year; its counties come from ``geography``, whose files count in the digest."""

    reader: Callable[[GeographyFiles], Filing]
    geography: GeographySource
    may_be_empty: bool = field(default=False, kw_only=True)

    def read(self) -> Filing:
        return self.reader(self.geography.read())


def geography_source() -> GeographySource:
    """What the service ships, and what the folders of the markets add (docs/how-to/add-a-state.md)."""
    own = get_markets().data_folders
    zips = (DATA / "zip-counties/zips_5states.csv", *(folder / "zips.csv" for folder in own))
    counties = (DATA / "rating-areas/county_rating_areas_5states.csv", *(folder / "counties.csv" for folder in own))
    return GeographySource("geography", (*zips, *counties), zips, counties, options=_served())


def _served() -> str:
    """What the registry decides of a filing: which rows count, and which plans need the disclosure of R82."""
    markets = get_markets().by_state.items()
    return " ".join(
        f"{state}:{one.carrier.issuer_id}:{one.consumer_choice_plans:d}:{one.catalog.value}" for state, one in markets
    )


def shipped_filings(geography: GeographySource) -> tuple[FilingSource, ...]:
    """The plans as filed for 2014, and the made-up ones of 2026 and 2027."""
    landscape = landscape_source(DATA / "landscape-2014", 2014, geography)
    return (_shipped(landscape, 2014), *(_illustrative(year, geography) for year in (2026, 2027)))


def _illustrative(plan_year: int, geography: GeographySource) -> FilingSource:
    name, folder = f"illustrative-{plan_year}", DATA / f"illustrative/{plan_year}"
    source = public_use_source(name, folder, plan_year, CatalogueKind.ILLUSTRATIVE, geography)
    return _shipped(source, plan_year)


def _shipped(source: FilingSource, plan_year: int) -> FilingSource:
    """Empty where no row applies: a suite of other states, or of filed plans alone, has to seed too, and what an
    earlier seed stored of the set goes."""

    def reader(places: GeographyFiles) -> Filing:
        try:
            return source.reader(places)
        except EmptyFiling:
            return Filing(plan_year, (), (), ())

    return replace(source, reader=reader, may_be_empty=True)


def landscape_source(
    path: Path, plan_year: int, geography: GeographySource, *, name: str = "", watch: Watch = ignore_progress
) -> FilingSource:
    """A Landscape as one file, or as a folder of its parts."""
    return FilingSource(
        name or f"landscape-{plan_year}",
        (*LandscapeFiles.from_path(path).all, *geography.files),
        lambda places: read_landscape(path, plan_year, places.counties, watch),
        geography,
        options=f"{plan_year} {_served()}",
    )


def public_use_source(
    name: str,
    folder: Path,
    plan_year: int,
    kind: CatalogueKind,
    geography: GeographySource,
    *,
    watch: Watch = ignore_progress,
) -> FilingSource:
    """A plan year in the layouts of the CMS public use files; a carrier's own filing is ``CMS_FILED``."""

    def reader(places: GeographyFiles) -> Filing:
        return read_public_use_files(
            folder, plan_year, kind, places.fips_by_state(), watch, places.rating_areas(plan_year)
        )

    files = (*PublicUseFiles.from_folder(folder), *geography.files)
    return FilingSource(name, files, reader, geography, options=f"{plan_year} {kind.value} {_served()}")
