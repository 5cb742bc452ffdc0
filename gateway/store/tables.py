"""Tables. The one place that says how they are laid out; the migrations repeat it step by step."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.db.forwarded import forwarded_table

metadata = MetaData()

_INSTANT = DateTime(timezone=True)

users = Table(
    "users",
    metadata,
    Column("user_id", String(36), primary_key=True),
    # lower case; the name a person signs in with
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("active", Boolean, nullable=False, server_default="true"),
    CheckConstraint("role in ('producer', 'delegate')", name="users_role"),
    CheckConstraint("email = lower(email)", name="users_email_lower"),
)

# A producer may have several numbers in one state (R24).
writing_numbers = Table(
    "writing_numbers",
    metadata,
    Column("number", String(9), primary_key=True),
    Column("state", String(2), nullable=False),
    Column("producer_name", String(120), nullable=False),
    Column("company_name", String(120), nullable=False),
    Column("user_id", ForeignKey("users.user_id"), nullable=False, index=True),
    # Empty where none is known. A North American number, without punctuation.
    Column("phone", String(10), nullable=False, server_default=""),
    # The National Producer Number.
    Column("npn", String(10), nullable=False, server_default=""),
    CheckConstraint("phone ~ '^([2-9][0-9]{2}[2-9][0-9]{6})?$'", name="writing_numbers_phone"),
    CheckConstraint("npn ~ '^[0-9]{0,10}$'", name="writing_numbers_npn"),
)

delegations = Table(
    "delegations",
    metadata,
    Column("delegate_id", ForeignKey("users.user_id"), nullable=False),
    Column("number", ForeignKey("writing_numbers.number"), nullable=False, index=True),
    # what the delegate may do besides looking (``gateway.user.DelegatedAction``)
    Column("actions", ARRAY(Text), nullable=False, server_default="{quote,enroll,submit,pay}"),
    # from the first instant on, before the second one; NULL: no bound
    Column("starts_at", _INSTANT),
    Column("ends_at", _INSTANT),
    PrimaryKeyConstraint("delegate_id", "number"),
    CheckConstraint("actions <@ array['quote', 'enroll', 'submit', 'pay']", name="delegations_actions"),
)

# What was granted, changed and revoked, by whom; rows are only added.
delegation_changes = Table(
    "delegation_changes",
    metadata,
    Column("change_id", BigInteger, Identity(), primary_key=True),
    Column("at", _INSTANT, nullable=False),
    Column("producer_id", ForeignKey("users.user_id"), nullable=False),
    Column("delegate_id", ForeignKey("users.user_id"), nullable=False),
    Column("number", String(9), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("actions", ARRAY(Text), nullable=False),
    Column("starts_at", _INSTANT),
    Column("ends_at", _INSTANT),
    CheckConstraint("kind in ('granted', 'changed', 'revoked')", name="delegation_changes_kind"),
    Index("delegation_changes_producer", "producer_id", "change_id"),
)

sessions = Table(
    "sessions",
    metadata,
    # SHA-256 of the secret that the person holds: who reads this table can sign in as nobody
    Column("secret_hash", LargeBinary(32), primary_key=True),
    Column("user_id", ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("transport", String(8), nullable=False),
    Column("created_at", _INSTANT, nullable=False, index=True),
    Column("last_seen_at", _INSTANT, nullable=False),
    CheckConstraint("transport in ('cookie', 'bearer')", name="sessions_transport"),
)

# Addresses for calendar programs, which cannot sign in.
deadline_feeds = Table(
    "deadline_feeds",
    metadata,
    Column("feed_id", String(36), primary_key=True),
    # SHA-256 of the secret in the address
    Column("secret_hash", LargeBinary(32), nullable=False, unique=True),
    Column("user_id", ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", _INSTANT, nullable=False),
    Column("last_read_at", _INSTANT),
)

# What a person typed into a form that is not saved as a quote or a step yet (docs/adr/0028).
form_drafts = Table(
    "form_drafts",
    metadata,
    Column("draft_id", String(36), primary_key=True),
    Column("user_id", ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False),
    # which form, and of which thing: "quote/<key>", "A-0001/household"
    Column("form", String(120), nullable=False),
    # counts the saves, so that two tabs do not overwrite each other
    Column("version", Integer, nullable=False),
    # names and birth dates are in it, so it is encrypted (docs/adr/0009)
    Column("sealed", LargeBinary, nullable=False),
    Column("saved_at", _INSTANT, nullable=False, index=True),
    UniqueConstraint("user_id", "form", name="form_drafts_one_per_form"),
)

# An attempt has a row from before its password is checked until it turns out right.
sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("attempt_id", BigInteger, Identity(), primary_key=True),
    # SHA-256 of the address typed: what was typed is kept nowhere
    Column("account_hash", LargeBinary(32), nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", _INSTANT, nullable=False, index=True),
    Index("sign_in_attempts_account", "account_hash", "at"),
    Index("sign_in_attempts_address", "address", "at"),
)

notifications = Table(
    "notifications",
    metadata,
    Column("notification_id", BigInteger, Identity(), primary_key=True),
    Column("user_id", ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(64), nullable=False),
    # of the last one, where several applications share the entry
    Column("record_number", String(32), nullable=False),
    Column("applications", Integer, nullable=False, server_default="1"),
    Column("at", _INSTANT, nullable=False),
    Column("read_at", _INSTANT),
    Index("notifications_user", "user_id", "notification_id"),
    # the count of the bell, asked with each page and every few seconds for those who have one open
    Index("notifications_unread", "user_id", postgresql_where=text("read_at is null")),
)

# The inbox: an event with a row here was handled (reliability.md 1.1).
seen_events = Table(
    "seen_events",
    metadata,
    Column("queue", String(255), nullable=False),
    Column("message_id", String(255), nullable=False),
    Column("at", _INSTANT, nullable=False, index=True),
    PrimaryKeyConstraint("queue", "message_id"),
)

# Failed events that were sent on: one that comes back afterwards is a repeat of its own copy (docs/adr/0004).
forwarded_messages = forwarded_table(metadata)
