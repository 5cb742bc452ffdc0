"""Store: the tables of the enrollment service. Amounts are whole cents; instants are UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.db import plumbing_tables

Json = dict[str, Any]


class Base(DeclarativeBase):
    type_annotation_map: ClassVar = {
        str: Text,
        datetime: DateTime(timezone=True),
        bytes: LargeBinary,
        Json: JSONB(none_as_null=True),
        list[Json]: JSONB,
    }


PLUMBING = plumbing_tables(Base.metadata)


class ApplicationRow(Base):
    """One application; steps as documents, and beside them as columns what lists show and searches ask for."""

    __tablename__ = "application"
    __table_args__ = (
        Index("application_list", "writing_number", "status", "number"),
        Index("application_of_quote", "quote_id"),
        Index("application_open", "status", "expires_on"),
    )

    record_number: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    writing_number: Mapped[str]
    producer_name: Mapped[str]
    company_name: Mapped[str]
    state: Mapped[str]
    rule_pack: Mapped[str]
    status: Mapped[str]
    version: Mapped[int]
    attempt: Mapped[int]
    quote_id: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    requested_at: Mapped[datetime | None]
    expires_on: Mapped[date | None]
    submitted_on: Mapped[date | None]
    provisional_date: Mapped[date | None]
    payment_status: Mapped[str | None]

    general: Mapped[Json]
    # Without its people, who are rows of their own.
    household: Mapped[Json]
    plans: Mapped[Json]
    other_coverage: Mapped[Json]
    signatures: Mapped[Json]
    start: Mapped[Json | None]
    plan_lines: Mapped[list[Json]]
    assigned_pcps: Mapped[list[Json]]
    failures: Mapped[list[Json]]

    current_step: Mapped[str]
    applicant_name: Mapped[str]
    product_name: Mapped[str]
    premium_cents: Mapped[int | None] = mapped_column(BigInteger)
    effective_date: Mapped[date | None]


class PersonRow(Base):
    """A covered person. ``ssn`` is sealed; ``ssn_index`` finds equal numbers without opening any."""

    __tablename__ = "person"
    __table_args__ = (Index("person_of_application", "record_number", "position"), Index("person_ssn", "ssn_index"))

    person_id: Mapped[str] = mapped_column(primary_key=True)
    record_number: Mapped[str] = mapped_column(ForeignKey("application.record_number", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    relationship: Mapped[str]
    first_name: Mapped[str]
    middle_initial: Mapped[str]
    last_name: Mapped[str]
    date_of_birth: Mapped[date | None]
    sex: Mapped[str | None]
    tobacco_use: Mapped[bool | None]
    tobacco_last_used: Mapped[date | None]
    ssn_last_four: Mapped[str]
    ssn: Mapped[bytes | None]
    ssn_index: Mapped[str | None]


class ClientRow(Base):
    """Somebody who was quoted; ``person_index`` is the blind index of name and birth date."""

    __tablename__ = "client"
    __table_args__ = (UniqueConstraint("writing_number", "person_index", name="a_client_is_known_once"),)

    client_id: Mapped[str] = mapped_column(primary_key=True)
    writing_number: Mapped[str]
    person_index: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    date_of_birth: Mapped[date]
    sex: Mapped[str | None]
    home_address: Mapped[Json]
    quote_id: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CounterRow(Base):
    """One row: the last number given to an application (R103, R104)."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)


class SubmissionStepRow(Base):
    """A finished step of a submission, with what it gave."""

    __tablename__ = "submission_step"

    record_number: Mapped[str] = mapped_column(
        ForeignKey("application.record_number", ondelete="CASCADE"), primary_key=True
    )
    attempt: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    result: Mapped[str]


class DataSetRow(Base):
    """A loaded set of place files; the digest tells whether anything changed."""

    __tablename__ = "data_set"

    name: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]


class ZipCountyRow(Base):
    __tablename__ = "zip_county"

    zip: Mapped[str] = mapped_column(primary_key=True)
    county_fips: Mapped[str] = mapped_column(primary_key=True)
    county_name: Mapped[str]
    state: Mapped[str]


class AddressRow(Base):
    """For type-ahead: a street address, or with an empty street a ZIP with its place."""

    __tablename__ = "address"
    __table_args__ = (
        Index("address_by_street", "street_key", postgresql_ops={"street_key": "text_pattern_ops"}),
        Index("address_by_city", "city_key", postgresql_ops={"city_key": "text_pattern_ops"}),
        Index("address_by_zip", "zip", postgresql_ops={"zip": "text_pattern_ops"}),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    street: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]
    zip: Mapped[str]
    county_fips: Mapped[str]
    county_name: Mapped[str]
    # Lower case, for comparing.
    street_key: Mapped[str]
    city_key: Mapped[str]
