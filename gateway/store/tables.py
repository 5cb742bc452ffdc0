"""Tables. The one place that says how they are laid out; the migrations repeat it step by step."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
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
    # NULL: none was set yet, or it was reset
    Column("password_hash", String(255)),
    Column("active", Boolean, nullable=False, server_default="true"),
    CheckConstraint("role in ('producer', 'delegate')", name="users_role"),
    CheckConstraint("email = lower(email)", name="users_email_lower"),
)

# Of those who turned two-step sign-in on.
second_factors = Table(
    "second_factors",
    metadata,
    Column("user_id", ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True),
    # the secret that the person's app has too, encrypted (docs/adr/0009)
    Column("sealed", LargeBinary, nullable=False),
    # of the last code that was taken: none is taken twice
    Column("last_step", BigInteger, nullable=False),
    Column("turned_on_at", _INSTANT, nullable=False),
)

# A row goes when its code is used.
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("user_id", ForeignKey("second_factors.user_id", ondelete="CASCADE"), nullable=False),
    # the first characters, by which the row is found; argon2id of the whole code
    Column("selector", String(4), nullable=False),
    Column("code_hash", String(255), nullable=False),
    PrimaryKeyConstraint("user_id", "selector"),
)

# One-time links with which people set their password.
password_links = Table(
    "password_links",
    metadata,
    Column("user_id", ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True),
    # SHA-256 of the secret in the address
    Column("secret_hash", LargeBinary(32), nullable=False, unique=True),
    Column("expires_at", _INSTANT, nullable=False),
)

# Who signs in at the organization's OpenID provider, and with no password (docs/adr/0053).
organization_accounts = Table(
    "organization_accounts",
    metadata,
    Column("user_id", ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True),
    # by which the provider knows the person; NULL before the first sign-in. OpenID Connect Core 1.0, 2: 255 characters
    Column("issuer", String(255)),
    Column("subject", String(255)),
    Column("linked_at", _INSTANT),
    UniqueConstraint("issuer", "subject", name="organization_accounts_subject"),
    CheckConstraint(
        "(issuer is null) = (subject is null) and (issuer is null) = (linked_at is null)",
        name="organization_accounts_linked",
    ),
)

# Sign-ins at the provider that are under way; a row goes when its answer comes.
organization_sign_ins = Table(
    "organization_sign_ins",
    metadata,
    # SHA-256 of the secret in the browser's cookie, from which state, nonce and code verifier follow
    Column("secret_hash", LargeBinary(32), primary_key=True),
    Column("next_path", String(500), nullable=False),
    Column("expires_at", _INSTANT, nullable=False, index=True),
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

# A firm of producers. Those who stand above others in it see their records.
agencies = Table(
    "agencies",
    metadata,
    Column("agency_id", String(36), primary_key=True),
    Column("name", String(120), nullable=False, unique=True),
    # what those above may do under the writing numbers of those below, besides looking
    Column("upline_actions", ARRAY(Text), nullable=False, server_default="{}"),
    CheckConstraint("upline_actions <@ array['quote', 'enroll', 'submit', 'pay']", name="agencies_upline_actions"),
)

# A producer is in one agency at most; NULL: nobody stands above.
agency_members = Table(
    "agency_members",
    metadata,
    Column("user_id", ForeignKey("users.user_id"), primary_key=True),
    Column("agency_id", ForeignKey("agencies.agency_id"), nullable=False),
    Column("upline_id", String(36), index=True),
    UniqueConstraint("agency_id", "user_id", name="agency_members_agency"),
    ForeignKeyConstraint(
        ["agency_id", "upline_id"],
        ["agency_members.agency_id", "agency_members.user_id"],
        name="agency_members_upline",
        # a whole hierarchy is written at once, in any order
        deferrable=True,
        initially="DEFERRED",
    ),
    CheckConstraint("upline_id <> user_id", name="agency_members_not_own_upline"),
)

# Break-glass: somebody may look at one record of others for a while; opened and ended by `portal break-glass`.
emergency_access = Table(
    "emergency_access",
    metadata,
    Column("grant_id", String(36), primary_key=True),
    Column("user_id", ForeignKey("users.user_id"), nullable=False, index=True),
    Column("record_number", String(32), nullable=False),
    # Of the record, as the token names it.
    Column("number", String(9), nullable=False),
    Column("state", String(2), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("opened_by", String(64), nullable=False),
    Column("opened_at", _INSTANT, nullable=False),
    # By itself, or earlier when somebody ended it.
    Column("ends_at", _INSTANT, nullable=False),
    CheckConstraint("ends_at >= opened_at", name="emergency_access_ends"),
    CheckConstraint("ends_at <= opened_at + interval '24 hours'", name="emergency_access_is_short"),
    CheckConstraint("reason <> ''", name="emergency_access_reason"),
)

sessions = Table(
    "sessions",
    metadata,
    # SHA-256 of the secret that the person holds: who reads this table can sign in as nobody
    Column("secret_hash", LargeBinary(32), primary_key=True),
    # names the session to its person, and opens nothing
    Column("session_id", String(36), nullable=False, unique=True, server_default=text("gen_random_uuid()::text")),
    Column("user_id", ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("transport", String(8), nullable=False),
    # browser and system, "Firefox on Windows": enough to recognize it by, and nothing that finds a person
    Column("opened_from", String(40), nullable=False, server_default=""),
    Column("created_at", _INSTANT, nullable=False, index=True),
    Column("last_seen_at", _INSTANT, nullable=False),
    CheckConstraint("transport in ('cookie', 'bearer')", name="sessions_transport"),
)

# Programs that act for a producer.
api_clients = Table(
    "api_clients",
    metadata,
    Column("client_id", String(36), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("owner_id", ForeignKey("users.user_id"), nullable=False, index=True),
    # what it may do (``gateway.user.ApiScope``)
    Column("scopes", ARRAY(Text), nullable=False),
    Column("created_at", _INSTANT, nullable=False),
    Column("revoked_at", _INSTANT),
    CheckConstraint(
        "scopes <@ array['read', 'quote', 'enroll', 'submit', 'pay', 'documents']", name="api_clients_scopes"
    ),
)

api_client_numbers = Table(
    "api_client_numbers",
    metadata,
    Column("client_id", ForeignKey("api_clients.client_id", ondelete="CASCADE"), nullable=False),
    Column("number", ForeignKey("writing_numbers.number", ondelete="CASCADE"), nullable=False, index=True),
    PrimaryKeyConstraint("client_id", "number"),
)

# Several at a time while one takes the place of another.
api_client_secrets = Table(
    "api_client_secrets",
    metadata,
    # SHA-256 of 256 random bits
    Column("secret_hash", LargeBinary(32), primary_key=True),
    Column("client_id", ForeignKey("api_clients.client_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", _INSTANT, nullable=False),
    # NULL: no end
    Column("expires_at", _INSTANT),
    Column("last_used_at", _INSTANT),
)

api_client_tokens = Table(
    "api_client_tokens",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("client_id", ForeignKey("api_clients.client_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("expires_at", _INSTANT, nullable=False, index=True),
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
