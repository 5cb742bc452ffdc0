"""Store: the tables of the quote service. Amounts are whole cents; instants are UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    ARRAY,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from chassis.db import infrastructure_tables


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[object, object]] = {
        str: Text,
        datetime: DateTime(timezone=True),
        bytes: LargeBinary,
        list[str]: ARRAY(Text),
        dict[str, Any]: JSONB,
        list[dict[str, Any]]: JSONB,
    }


INFRASTRUCTURE = infrastructure_tables(Base.metadata)


class DataSetRow(Base):
    """One loaded set of files, which never changes; of one name, one is in force (``replaced_at`` is null).

    What is in force tells every process whether what it holds in memory is of today. A replaced set stays for a while,
    for the processes that answer by it until they have read the new one.
    """

    __tablename__ = "data_set"
    __table_args__ = (Index("data_set_in_force", "name", unique=True, postgresql_where=text("replaced_at is null")),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    digest: Mapped[str]
    plan_year: Mapped[int | None] = mapped_column(SmallInteger)
    loaded_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    replaced_at: Mapped[datetime | None]


class CountyRow(Base):
    __tablename__ = "county"

    fips: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    state: Mapped[str]


class CountyAreaRow(Base):
    """The rating area of a county for plan years first_year to last_year (none: still in force)."""

    __tablename__ = "county_area"

    county_fips: Mapped[str] = mapped_column(ForeignKey("county.fips"), primary_key=True)
    first_year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    last_year: Mapped[int | None] = mapped_column(SmallInteger)
    rating_area: Mapped[int] = mapped_column(SmallInteger)


class ZipCountyRow(Base):
    __tablename__ = "zip_county"

    zip: Mapped[str] = mapped_column(primary_key=True)
    county_fips: Mapped[str] = mapped_column(ForeignKey("county.fips"), primary_key=True)


class PlanRow(Base):
    """A plan on one side of the exchange; see ``domain.plan.Plan``."""

    __tablename__ = "plan"

    data_set_id: Mapped[int] = mapped_column(ForeignKey("data_set.id"), primary_key=True)
    plan_id: Mapped[str] = mapped_column(primary_key=True)
    plan_year: Mapped[int] = mapped_column(SmallInteger)
    component_id: Mapped[str]
    state: Mapped[str]
    issuer_id: Mapped[str]
    issuer_name: Mapped[str]
    name: Mapped[str]
    coverage: Mapped[str]
    metal_level: Mapped[str]
    plan_type: Mapped[str]
    exchange: Mapped[str]
    service_area_id: Mapped[str]
    network_id: Mapped[str]
    network_name: Mapped[str]
    child_only_offering: Mapped[str]
    consumer_choice_disclosure: Mapped[bool]
    includes_pediatric_dental: Mapped[bool]
    deductible_cents: Mapped[int | None]
    out_of_pocket_maximum_cents: Mapped[int | None]
    catalogue: Mapped[str]
    hsa_eligible: Mapped[bool | None]
    charged_children_cap: Mapped[int | None] = mapped_column(SmallInteger)
    detail: Mapped[dict[str, Any]]


class ServiceAreaRow(Base):
    """A county of a service area; no ZIPs means the whole county."""

    __tablename__ = "service_area"

    data_set_id: Mapped[int] = mapped_column(ForeignKey("data_set.id"), primary_key=True)
    service_area_id: Mapped[str] = mapped_column(primary_key=True)
    county_fips: Mapped[str] = mapped_column(ForeignKey("county.fips"), primary_key=True)
    zips: Mapped[list[str]]


class PlanRateRow(Base):
    """The monthly rates of one person by age, of one source: columns of one length, a place in them is a band of ages.

    The key's order serves reading all plans of a rating area at once. Null in ``tobacco_cents``: none was filed.
    """

    __tablename__ = "plan_rate"

    data_set_id: Mapped[int] = mapped_column(ForeignKey("data_set.id"), primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    rating_area: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    component_id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    ages_from: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    ages_to: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    cents: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    tobacco_cents: Mapped[list[int | None]] = mapped_column(ARRAY(Integer))


class FamilyRateRow(Base):
    """The monthly rate of a family as a whole; ``tier`` is ``domain.rates.FamilyTier``."""

    __tablename__ = "family_rate"

    data_set_id: Mapped[int] = mapped_column(ForeignKey("data_set.id"), primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    rating_area: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    component_id: Mapped[str] = mapped_column(primary_key=True)
    tier: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    cents: Mapped[int]
    source: Mapped[str]


class QuoteRow(Base):
    """A saved quote; its people are in ``quote_member``, the premiums of its choice in ``quote_premium``."""

    __tablename__ = "quote"
    __table_args__ = (
        Index("quote_of_producer", "writing_number", "created_at", "quote_id"),
        # all that reports count, so that they read no quote
        Index("quote_report", "writing_number", "created_at", postgresql_include=["state", "exchange"]),
        Index("quote_of_client", "writing_number", "client_name", "quote_id"),
        Index("quote_by_effective_date", "writing_number", "effective_date", "quote_id"),
        Index("quote_not_expired", "effective_date", postgresql_where=text("expired_at is null")),
    )

    quote_id: Mapped[str] = mapped_column(primary_key=True)
    writing_number: Mapped[str]
    producer_name: Mapped[str]
    company_name: Mapped[str]
    producer_state: Mapped[str]
    producer_phone: Mapped[str]
    producer_npn: Mapped[str]
    state: Mapped[str]
    zip: Mapped[str]
    county_fips: Mapped[str]
    effective_date: Mapped[date]
    medical_plan_id: Mapped[str | None]
    dental_plan_id: Mapped[str | None]
    exchange: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]
    # "last first" of the primary applicant in small letters: what lists search and sort by.
    client_name: Mapped[str]
    source_quote_id: Mapped[str | None]
    expired_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    # Of its members, in order of position (``birth_date_encryption``).
    birth_dates_sealed: Mapped[bytes | None]
    members: Mapped[list[QuoteMemberRow]] = relationship(
        order_by="QuoteMemberRow.position", cascade="all, delete-orphan", lazy="selectin"
    )
    premiums: Mapped[list[QuotePremiumRow]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class QuoteMemberRow(Base):
    __tablename__ = "quote_member"
    __table_args__ = (ForeignKeyConstraint(["quote_id"], ["quote.quote_id"], ondelete="CASCADE"),)

    quote_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    relationship: Mapped[str]
    # For processes of the version before; wins while it is there.
    date_of_birth: Mapped[date]
    sex: Mapped[str | None]
    tobacco_use: Mapped[bool]
    first_name: Mapped[str]
    last_name: Mapped[str]
    disabled_dependent: Mapped[bool] = mapped_column(server_default=false())


class QuotePremiumRow(Base):
    """What a chosen plan cost when it was chosen: a line for each member (``premium_rows``)."""

    __tablename__ = "quote_premium"
    __table_args__ = (ForeignKeyConstraint(["quote_id"], ["quote.quote_id"], ondelete="CASCADE"),)

    quote_id: Mapped[str] = mapped_column(primary_key=True)
    coverage: Mapped[str] = mapped_column(primary_key=True)
    plan_id: Mapped[str]
    edition: Mapped[str]
    priced_at: Mapped[datetime]
    lines: Mapped[list[dict[str, Any]]]


class ShareLinkRow(Base):
    """A link that shows a quote without a sign-in; its token is not kept."""

    __tablename__ = "share_link"
    __table_args__ = (
        ForeignKeyConstraint(["quote_id"], ["quote.quote_id"], ondelete="CASCADE"),
        Index("share_link_of_quote", "quote_id", "created_at"),
    )

    link_id: Mapped[str] = mapped_column(primary_key=True)
    quote_id: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    # When the link went out by email; the address is not kept.
    delivered_at: Mapped[datetime | None]
