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
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.db import infrastructure_tables

Json = dict[str, Any]


class Base(DeclarativeBase):
    type_annotation_map: ClassVar = {
        str: Text,
        datetime: DateTime(timezone=True),
        bytes: LargeBinary,
        Json: JSONB(none_as_null=True),
        list[Json]: JSONB,
    }


INFRASTRUCTURE = infrastructure_tables(Base.metadata)


_LISTED = (
    "applicant_key",
    "state",
    "submitted_on",
    "effective_date",
    "expires_on",
    "created_at",
    "updated_at",
    "product_name",
    "premium_cents",
    "payment_status",
    "producer_name",
    "current_step",
    "record_number",
)


class ApplicationRow(Base):
    """One application; steps as documents, and beside them as columns what lists show and searches ask for."""

    __tablename__ = "application"
    __table_args__ = (
        # everything that lists sort and filter by, so that a list reads no row that it does not show
        Index("application_list", "writing_number", "status", "number", postgresql_include=_LISTED),
        Index("application_of_quote", "quote_id"),
        # what reports ask of applications that began as a quote
        Index(
            "application_from_quote",
            "writing_number",
            "submitted_on",
            postgresql_include=["state", "status", "quoted_at"],
            postgresql_where=text("quote_id <> ''"),
        ),
        Index("application_open", "status", "expires_on"),
        Index("application_phone", "phone_index"),
    )

    record_number: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    writing_number: Mapped[str]
    producer_name: Mapped[str]
    company_name: Mapped[str]
    producer_phone: Mapped[str]
    producer_npn: Mapped[str]
    state: Mapped[str]
    rule_pack: Mapped[str]
    status: Mapped[str]
    version: Mapped[int]
    attempt: Mapped[int]
    quote_id: Mapped[str]
    quoted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    requested_at: Mapped[datetime | None]
    asked_again: Mapped[int] = mapped_column(SmallInteger)
    expires_on: Mapped[date | None]
    submitted_on: Mapped[date | None]
    document_due_on: Mapped[date | None]
    provisional_date: Mapped[date | None]
    payment_status: Mapped[str | None]

    saved_steps: Mapped[list[str]] = mapped_column(JSONB)
    general: Mapped[Json]
    # Without its people, who are rows of their own.
    household: Mapped[Json]
    plans: Mapped[Json]
    other_coverage: Mapped[Json]
    signatures: Mapped[Json]
    # Who agreed to which text, and when.
    acceptances: Mapped[list[Json]]
    start: Mapped[Json | None]
    plan_lines: Mapped[list[Json]]
    assigned_pcps: Mapped[list[Json]]
    # What the payment was opened for, month by month.
    opened_months: Mapped[list[Json]]
    failures: Mapped[list[Json]]
    cancellation: Mapped[Json | None]
    # Of coverage that has begun, at most one for each plan.
    terminations: Mapped[list[Json]] = mapped_column(server_default="[]")
    # The newest change of contact details after submission, with the phone that ``phone_index`` is of then.
    contact_change: Mapped[Json | None]
    # The newest review that the client signed.
    client_review: Mapped[Json | None]

    current_step: Mapped[str]
    # Nothing but the client's review is missing.
    awaits_client: Mapped[bool] = mapped_column(server_default="false")
    applicant_name: Mapped[str]
    # Last and first name in small letters, compared byte by byte: what lists sort by and searches look into.
    applicant_key: Mapped[str] = mapped_column(Text(collation="C"))
    # Blind index of the contact's phone, bound to the writing number.
    phone_index: Mapped[str | None]
    # Blind index of who saved what last, bound to the writing number; empty when no person's save was the last change.
    last_save: Mapped[str] = mapped_column(server_default="")
    # Why it exists beside other applications of the same person, and beside which.
    duplicates_explained: Mapped[Json | None]
    product_name: Mapped[str]
    premium_cents: Mapped[int | None] = mapped_column(BigInteger)
    effective_date: Mapped[date | None]


class PersonRow(Base):
    """A covered person. ``ssn`` is sealed; ``ssn_index`` finds equal numbers without opening any.

    ``person_index`` is the blind index of writing number, name and birth date: that of the person's client.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("person_of_application", "record_number", "position"),
        Index("person_ssn", "ssn_index"),
        Index("person_identity", "person_index"),
    )

    person_id: Mapped[str] = mapped_column(primary_key=True)
    record_number: Mapped[str] = mapped_column(ForeignKey("application.record_number", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    relationship: Mapped[str]
    first_name: Mapped[str]
    middle_initial: Mapped[str]
    last_name: Mapped[str]
    suffix: Mapped[str]
    one_name_only: Mapped[bool]
    # For processes of the version before; wins while it is there.
    date_of_birth: Mapped[date | None]
    birth_date_sealed: Mapped[bytes | None]
    sex: Mapped[str | None]
    tobacco_use: Mapped[bool | None]
    tobacco_last_used: Mapped[date | None]
    disabled_dependent: Mapped[bool] = mapped_column(server_default=false())
    # The spouse's phone and email; the applicant's stand with the household.
    contact: Mapped[Json | None]
    # Language, ethnicity and identity: apart from everything that lists, prices and events are made of.
    self_identification: Mapped[Json | None]
    # Names, birth date and last four digits with which the number was given, or the person first submitted.
    first_identity: Mapped[Json | None]
    first_identity_sealed: Mapped[bytes | None]
    ssn_last_four: Mapped[str]
    ssn: Mapped[bytes | None]
    ssn_index: Mapped[str | None]
    person_index: Mapped[str | None]


class ClientRow(Base):
    """Somebody who was quoted or has applied; ``person_index`` is the blind index of name and birth date.

    ``tokens`` are what a search looks for: blind, and bound to the writing number.
    """

    __tablename__ = "client"
    __table_args__ = (
        UniqueConstraint("writing_number", "person_index", name="a_client_is_known_once"),
        Index("client_tokens", "tokens", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    )

    client_id: Mapped[str] = mapped_column(primary_key=True)
    writing_number: Mapped[str]
    person_index: Mapped[str]
    first_name: Mapped[str]
    middle_initial: Mapped[str]
    last_name: Mapped[str]
    suffix: Mapped[str]
    one_name_only: Mapped[bool]
    date_of_birth: Mapped[date]
    birth_date_sealed: Mapped[bytes | None]
    sex: Mapped[str | None]
    home_address: Mapped[Json]
    contact: Mapped[Json]
    ssn_last_four: Mapped[str]
    tokens: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ClientQuoteRow(Base):
    """A quote by which a client is known."""

    __tablename__ = "client_quote"

    quote_id: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("client.client_id", ondelete="CASCADE"), index=True)
    effective_date: Mapped[date | None]
    heard_at: Mapped[datetime]


class CounterRow(Base):
    """One row: the last number given to an application (R103, R104)."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)


class ClientReviewRow(Base):
    """A review by link: evidence for ten years (45 CFR 155.220(j)(2)), then deleted."""

    __tablename__ = "client_review"
    __table_args__ = (
        Index("client_review_of_application", "record_number", "sent_at"),
        # those that wait for the client, of one producer
        Index(
            "client_review_awaited",
            "writing_number",
            "expires_at",
            postgresql_where=text("answered_at is null and revoked_at is null"),
        ),
    )

    review_id: Mapped[str] = mapped_column(primary_key=True)
    record_number: Mapped[str] = mapped_column(ForeignKey("application.record_number"))
    writing_number: Mapped[str]
    language: Mapped[str]
    proof: Mapped[str]
    sent_at: Mapped[datetime]
    sent_by: Mapped[str]
    expires_at: Mapped[datetime]
    wrong_proofs: Mapped[int] = mapped_column(SmallInteger)
    opened_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    remarks: Mapped[list[Json]]
    consent: Mapped[Json | None]
    # The canonical form of what was signed, byte for byte: its hash is in the consent.
    shown: Mapped[str]
    shown_sealed: Mapped[bytes | None]


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
    """For type-ahead: a street address, or with an empty street a ZIP with its place.

    ``house`` is the number before the street, lower case; ``words`` are those of street, place, state and ZIP, by
    whose beginnings it is found.
    """

    __tablename__ = "address"
    __table_args__ = (
        Index("address_by_words", "words", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    street: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]
    zip: Mapped[str]
    county_fips: Mapped[str]
    county_name: Mapped[str]
    house: Mapped[str]
    words: Mapped[str] = mapped_column(TSVECTOR)
