"""Store: the tables of the pcp service. Instants are UTC; coordinates are degrees."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Double, ForeignKey, SmallInteger, Text, func
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
    }


INFRASTRUCTURE = infrastructure_tables(Base.metadata)


class DirectoryLoadRow(Base):
    """The directory that is loaded now; at most one row."""

    __tablename__ = "directory_load"

    digest: Mapped[str] = mapped_column(primary_key=True)
    loaded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    providers: Mapped[int]
    updated_on: Mapped[date | None]


class ZipPointRow(Base):
    __tablename__ = "zip_spot"

    zip: Mapped[str] = mapped_column(primary_key=True)
    latitude: Mapped[float]
    longitude: Mapped[float]


class MedicalGroupRow(Base):
    __tablename__ = "medical_group"

    group_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class ProviderRow(Base):
    """A primary care provider; see ``domain.provider.Provider``."""

    __tablename__ = "provider"

    pcp_id: Mapped[str] = mapped_column(primary_key=True)
    npi: Mapped[str]
    name: Mapped[str]
    specialty: Mapped[str]
    address: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]
    zip: Mapped[str] = mapped_column(ForeignKey("zip_spot.zip"))
    phone: Mapped[str]
    accepting: Mapped[bool]
    panel: Mapped[str]
    group_id: Mapped[str | None] = mapped_column(ForeignKey("medical_group.group_id"), index=True)
    illustrative: Mapped[bool]
    # None of the three from a directory that was loaded before they were kept.
    languages: Mapped[list[str]] = mapped_column(server_default="{}")
    gender: Mapped[str | None]
    last_updated_on: Mapped[date | None]


class NetworkRow(Base):
    """What the providers of a network can be narrowed to, counted when the directory is loaded: over a network of
    100,000 providers that takes as long as the search itself.
    """

    __tablename__ = "network"

    plan_id: Mapped[str] = mapped_column(primary_key=True)
    plan_year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    specialties: Mapped[list[str]]
    languages: Mapped[list[str]]


class NetworkMemberRow(Base):
    """A provider of a plan's network; the key's order serves reading one network."""

    __tablename__ = "network_member"

    plan_id: Mapped[str] = mapped_column(primary_key=True)
    plan_year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    pcp_id: Mapped[str] = mapped_column(ForeignKey("provider.pcp_id"), primary_key=True)


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
