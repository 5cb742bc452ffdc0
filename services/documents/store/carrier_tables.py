"""Store: the tables of carriers' files. Instants are UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Sequence
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.store.tables import Base

# ISA13, GS06 and ST02 come out of one sequence: no number is given twice, and none means two things.
CONTROL_NUMBERS = Sequence("carrier_control_number")


class SubmittedPolicyRow(Base):
    """One plan of a submitted application, for its carrier."""

    __tablename__ = "submitted_policy"

    policy_id: Mapped[str] = mapped_column(primary_key=True)
    subscriber_id: Mapped[str]
    record_number: Mapped[str]
    writing_number: Mapped[str]
    issuer_id: Mapped[str]
    plan_id: Mapped[str]
    line: Mapped[str]
    premium_cents: Mapped[int] = mapped_column(BigInteger)
    submitted_on: Mapped[date]
    begins_on: Mapped[date]


class CancelledApplicationRow(Base):
    """Kept apart from the policies: the two events come in any order."""

    __tablename__ = "cancelled_application"

    record_number: Mapped[str] = mapped_column(primary_key=True)
    cancelled_on: Mapped[date]
    reason: Mapped[str]


class TerminatedCoverageRow(Base):
    """Coverage under one policy ends after it began; kept apart from the policy for the same reason."""

    __tablename__ = "terminated_coverage"

    policy_id: Mapped[str] = mapped_column(primary_key=True)
    requested_on: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str]


class ChangedContactRow(Base):
    """That an applicant is reached otherwise; how is read when the file is written."""

    __tablename__ = "changed_contact"

    record_number: Mapped[str] = mapped_column(primary_key=True)
    change: Mapped[int] = mapped_column(primary_key=True)
    changed_on: Mapped[date]


class InterchangeRow(Base):
    """A carrier's file of a day. ``written_at`` is None until it is; ``sha256`` stays None where no policy could be."""

    __tablename__ = "carrier_interchange"

    control_number: Mapped[int] = mapped_column(CONTROL_NUMBERS, primary_key=True)
    carrier: Mapped[str]
    day: Mapped[date]
    at: Mapped[datetime]
    written_at: Mapped[datetime | None]
    sha256: Mapped[str | None]
    # As its profile of that day had it agreed.
    acknowledge_by: Mapped[datetime | None]


class GroupRow(Base):
    """The policies of one plan in it; ``plan_id`` has 14 characters."""

    __tablename__ = "carrier_group"

    control_number: Mapped[int] = mapped_column(CONTROL_NUMBERS, primary_key=True)
    interchange: Mapped[int] = mapped_column(ForeignKey("carrier_interchange.control_number"))
    plan_id: Mapped[str]


class TransactionRow(Base):
    """``state``: of domain.edi.policy_ledger.PolicyState; ``why``: what faults or codes led there.

    ``effective_on``: None for an enrollment. ``contact_change``: the newest that the carrier knows by it; 0 for none.
    """

    __tablename__ = "carrier_transaction"

    control_number: Mapped[int] = mapped_column(CONTROL_NUMBERS, primary_key=True)
    group_number: Mapped[int] = mapped_column(ForeignKey("carrier_group.control_number"))
    policy_id: Mapped[str] = mapped_column(ForeignKey("submitted_policy.policy_id"))
    maintenance: Mapped[str]
    reason: Mapped[str]
    effective_on: Mapped[date | None]
    contact_change: Mapped[int]
    state: Mapped[str]
    why: Mapped[str]


class AnswerFileRow(Base):
    """A file of a carrier that was read; the same one again changes nothing."""

    __tablename__ = "carrier_answer_file"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    carrier: Mapped[str]
    read_at: Mapped[datetime]


class AnswerRow(Base):
    """What one answer in it meant. ``entry``: ids, amounts, days and codes; no value of a person."""

    __tablename__ = "carrier_answer"

    sha256: Mapped[str] = mapped_column(ForeignKey("carrier_answer_file.sha256"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    entry: Mapped[dict[str, Any]] = mapped_column(JSONB)
