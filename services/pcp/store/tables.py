"""Store: the tables of the pcp service. Instants are UTC; coordinates are degrees."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Double, Index, Integer, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.db import infrastructure_tables


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[object, object]] = {
        str: Text,
        float: Double,
        datetime: DateTime(timezone=True),
        list[dict[str, Any]]: JSONB,
        list[str]: ARRAY(Text),
        list[int]: ARRAY(Integer),
    }


INFRASTRUCTURE = infrastructure_tables(Base.metadata)


class DirectoryLoadRow(Base):
    """The directory that is loaded now; at most one row."""

    __tablename__ = "directory_load"

    digest: Mapped[str] = mapped_column(primary_key=True)
    loaded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    providers: Mapped[int]
    updated_on: Mapped[date | None]
    # By an operator's import, which ``seed`` leaves alone.
    imported: Mapped[bool]


class ZipPointRow(Base):
    __tablename__ = "zip_spot"
    __table_args__ = (Index("zip_spot_by_place", "latitude", "longitude"),)

    zip: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    latitude: Mapped[float]
    longitude: Mapped[float]


class MedicalGroupRow(Base):
    __tablename__ = "medical_group"

    group_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class LocationRow(Base):
    """A primary care provider at one office (``domain.provider.Provider``); ``place`` counts the offices from 1.

    What is said of the provider is repeated for each office: a search then reads this one table, by ZIP. A loaded
    directory is replaced as a whole and never changed, so nothing can come to differ.
    """

    __tablename__ = "location"
    __table_args__ = (
        # All that a page's order and the total of the usual filters need, so that they read no row.
        Index(
            "location_by_zip",
            "zip",
            "plan_list",
            "only_office",
            postgresql_include=["pcp_id", "place", "new_patients", "panel", "deactivated_on"],
        ),
        Index("location_by_group", "group_id", postgresql_where=text("group_id is not null")),
    )

    pcp_id: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # The provider has no other one.
    only_office: Mapped[bool]
    # Which list of plans the office belongs to; ``NetworkRow.plan_lists`` says which lists a plan is in.
    plan_list: Mapped[int]
    npi: Mapped[str]
    name: Mapped[str]
    # Name and medical group as a search reads them (``domain.names.fold_name``).
    name_key: Mapped[str]
    specialty: Mapped[str]
    address: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]
    zip: Mapped[str] = mapped_column(Text(collation="C"))
    phone: Mapped[str]
    new_patients: Mapped[str]
    panel: Mapped[str]
    group_id: Mapped[str | None]
    illustrative: Mapped[bool]
    # None of the three from a directory that was loaded before they were kept.
    languages: Mapped[list[str]]
    gender: Mapped[str | None]
    last_updated_on: Mapped[date | None]
    # Of NPPES, by a check.
    deactivated_on: Mapped[date | None]


class NameWordRow(Base):
    """A word of the providers' names under each of its three keys (``domain.names.find_similar_keys``)."""

    __tablename__ = "name_word"

    key: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    word: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)


class NetworkRow(Base):
    """A plan's network in a plan year. Entries of a directory repeat a few lists of plans: the lists with this plan
    are its network.

    ``specialties`` and ``languages``: what it can be narrowed to, counted when the directory is loaded. Over a network
    of 100,000 providers that takes as long as the search itself.
    """

    __tablename__ = "network"

    plan_id: Mapped[str] = mapped_column(primary_key=True)
    plan_year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    plan_lists: Mapped[list[int]]
    specialties: Mapped[list[str]]
    languages: Mapped[list[str]]


class AssignmentRow(Base):
    """The decision for one application. Not bound to ``provider``: it outlives the directory of its day."""

    __tablename__ = "assignment"

    record_number: Mapped[str] = mapped_column(primary_key=True)
    plan_id: Mapped[str]
    plan_year: Mapped[int] = mapped_column(SmallInteger)
    # Empty while the first decision is being made: the row is then only the lock.
    fingerprint: Mapped[str]
    members: Mapped[list[dict[str, Any]]]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class EntryReportRow(Base):
    """What one person says is wrong with an entry. Not bound to ``location``: it outlives the directory of its day."""

    __tablename__ = "entry_report"

    pcp_id: Mapped[str] = mapped_column(primary_key=True)
    fault: Mapped[str] = mapped_column(primary_key=True)
    reported_by: Mapped[str] = mapped_column(primary_key=True)
    note: Mapped[str]
    reported_on: Mapped[date]


class RegistrationRow(Base):
    """What NPPES said of an NPI at the last check. A directory that is loaded takes it over."""

    __tablename__ = "npi_registration"

    npi: Mapped[str] = mapped_column(primary_key=True)
    deactivated_on: Mapped[date | None]
    gender: Mapped[str | None]
