"""Writes docs/reference/personal-data.md from the contracts and from the tables below:
``.venv/bin/python docs/generate_personal_data.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

from suite.common.v1 import common_pb2

from gateway.edge.rpcs import DOCUMENTS, ENROLLMENT, PAYMENT, PCP, QUOTE

TARGET = Path(__file__).resolve().parent / "reference" / "personal-data.md"
RPCS = [rpc for service in (QUOTE, ENROLLMENT, PCP, PAYMENT, DOCUMENTS) for rpc in service.values()]


class Level(StrEnum):
    """From what anybody may know to what nobody but its owner does."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SEALED = "sealed"
    HASHED = "hashed"


# Kinds of personal data in an answer, by the contracts.
LEVEL_OF_KIND = {
    "IDENTITY": Level.PERSONAL,
    "CONTACT": Level.PERSONAL,
    "HEALTH": Level.PERSONAL,
    "BACKGROUND": Level.PERSONAL,
    "COVERAGE": Level.PERSONAL,
    "PAYMENT": Level.PERSONAL,
    "SSN": Level.SEALED,
    "DOCUMENT": Level.SEALED,
}

# In the database of every service: what the chassis keeps there.
OF_CHASSIS = {
    "access_log": (Level.PERSONAL, "who was told what about which record; six years and more, never deleted"),
    "audit": (Level.PERSONAL, "who changed what, with the names of fields and without values; never deleted"),
    "audit_seals": (Level.INTERNAL, "digests over both"),
    "data_set": (Level.INTERNAL, "which data were taken up"),
    "feed": (Level.INTERNAL, "names of other systems' queues"),
    "feed_event": (Level.INTERNAL, "numbers of events in a feed"),
    "forwarded_message": (Level.INTERNAL, "ids of messages; 14 days"),
    "idempotency": (
        Level.PERSONAL,
        "who sent a request with which key, its digest and the id of what came of it; 3 days",
    ),
    "inbox": (Level.INTERNAL, "ids of messages; 14 days"),
    "outbox": (Level.INTERNAL, "events, with ids alone; 14 days after they were sent"),
}

TABLES: dict[str, dict[str, tuple[Level, str]]] = {
    "quote": {
        "quote": (Level.PERSONAL, "the client's name, ZIP code and county; the producer"),
        "quote_member": (Level.PERSONAL, "names, birth dates, sex, tobacco use"),
        "quote_premium": (Level.INTERNAL, "premiums of plans"),
        "share_link": (Level.INTERNAL, "which quotes are shared until when; the link is signed, and not kept"),
        "county": (Level.PUBLIC, "geography"),
        "county_area": (Level.PUBLIC, "geography"),
        "zip_county": (Level.PUBLIC, "geography"),
        "service_area": (Level.PUBLIC, "geography"),
        "family_rate": (Level.PUBLIC, "filed rates"),
        "plan": (Level.PUBLIC, "filed plans"),
        "plan_rate": (Level.PUBLIC, "filed rates"),
    },
    "enrollment": {
        "application": (Level.PERSONAL, "all answers but the persons'; kept with the record"),
        "person": (
            Level.PERSONAL,
            "names, birth dates, contact, health, background; `ssn` is sealed, `ssn_index` an HMAC",
        ),
        "client": (Level.PERSONAL, "name, birth date, address, contact, the last four digits of the number"),
        "client_quote": (Level.INTERNAL, "which quotes a client has"),
        "client_review": (Level.PERSONAL, "remarks, signature and text of a client's review; ten years"),
        "deadline": (Level.INTERNAL, "record numbers and days"),
        "address": (Level.PUBLIC, "a public directory of addresses"),
        "zip_county": (Level.PUBLIC, "geography"),
        "counter": (Level.INTERNAL, "the last record number"),
    },
    "pcp": {
        "assignment": (Level.PERSONAL, "doctors of the members of a record"),
        "entry_report": (Level.INTERNAL, "what producers reported about the directory"),
        "directory_load": (Level.INTERNAL, "which directories were taken up"),
        "location": (Level.PUBLIC, "a public directory"),
        "medical_group": (Level.PUBLIC, "a public directory"),
        "name_word": (Level.PUBLIC, "a public directory"),
        "network": (Level.PUBLIC, "a public directory"),
        "npi_registration": (Level.PUBLIC, "a public directory"),
        "zip_spot": (Level.PUBLIC, "geography"),
    },
    "payment": {
        "payment": (Level.PERSONAL, "amount, state and payer of a record; kept with it"),
        "attempt": (
            Level.PERSONAL,
            "the processor's token, last four digits, brand and holder; no card or account number",
        ),
        "autopay_mandate": (Level.PERSONAL, "the same of a bank account"),
        "callback": (Level.INTERNAL, "what the processor answered, without persons"),
        "page_session": (
            Level.SEALED,
            "what was typed on the payment page, without its numbers, under a key of the session; 7 days",
        ),
        "payment_link": (Level.HASHED, "digests of links; 7 days after their end"),
        "subscriber": (Level.SEALED, "what a carrier's page is told; half an hour"),
    },
    "documents": {
        "application_pdf": (Level.SEALED, "the application's PDF; ten years (45 CFR 155.220)"),
        "proof_document": (Level.SEALED, "uploaded proofs; two years"),
        "submitted_policy": (Level.PERSONAL, "which plans a record has; for carriers' files"),
        "cancelled_application": (Level.PERSONAL, "that a record was cancelled, and why"),
        "terminated_coverage": (Level.PERSONAL, "when a policy ends, and why"),
        "changed_contact": (Level.INTERNAL, "that a record has new contact details, without them"),
        "carrier_interchange": (Level.INTERNAL, "which file went to which carrier, with its digest"),
        "carrier_group": (Level.INTERNAL, "what is in a file, by numbers"),
        "carrier_transaction": (Level.INTERNAL, "what is in a file, by numbers of policies"),
        "carrier_answer": (Level.PERSONAL, "what a carrier answered, with its own numbers of subscribers"),
        "carrier_answer_file": (Level.INTERNAL, "digests of carriers' answers"),
    },
    "gateway": {
        "users": (Level.HASHED, "name and email address; of the password its argon2id hash alone"),
        "second_factors": (Level.SEALED, "secrets of authenticator apps"),
        "recovery_codes": (Level.HASHED, "argon2id hashes"),
        "password_links": (Level.HASHED, "SHA-256 of 256 random bits"),
        "sessions": (Level.HASHED, "SHA-256 of 256 random bits; a day at most"),
        "api_clients": (Level.INTERNAL, "name, owner and scopes"),
        "api_client_numbers": (Level.INTERNAL, "writing numbers"),
        "api_client_secrets": (Level.HASHED, "SHA-256 of 256 random bits"),
        "api_client_tokens": (Level.HASHED, "SHA-256 of 256 random bits; 15 minutes"),
        "deadline_feeds": (Level.HASHED, "SHA-256 of 256 random bits"),
        "form_drafts": (Level.SEALED, "forms that were typed and not sent; 30 days"),
        "sign_in_attempts": (Level.PERSONAL, "a digest of the account, and the visitor's address; 15 minutes"),
        "organization_accounts": (Level.PERSONAL, "by which the organization's OpenID provider knows a person"),
        "organization_sign_ins": (Level.HASHED, "SHA-256 of 256 random bits; ten minutes"),
        "writing_numbers": (Level.INTERNAL, "producers as licensed"),
        "agencies": (Level.INTERNAL, "who stands above whom"),
        "agency_members": (Level.INTERNAL, "who stands above whom"),
        "delegations": (Level.INTERNAL, "who may act for whom"),
        "delegation_changes": (Level.INTERNAL, "who gave and took that; never deleted"),
        "emergency_access": (Level.INTERNAL, "who was let see which record, and why"),
        "notifications": (Level.INTERNAL, "record numbers"),
        "forwarded_message": (Level.INTERNAL, "ids of messages; 14 days"),
        "seen_events": (Level.INTERNAL, "ids of messages; 14 days"),
    },
}
"""Table -> the highest level in it, and what that is with how long it is kept where it is not kept with the record."""

# Columns that a FieldCipher fills: (database, table, column).
SEALED_COLUMNS = {
    ("quote", "quote", "birth_dates_sealed"),
    ("enrollment", "person", "ssn"),
    ("enrollment", "person", "birth_date_sealed"),
    ("enrollment", "person", "first_identity_sealed"),
    ("enrollment", "client", "birth_date_sealed"),
    ("enrollment", "client_review", "shown_sealed"),
    ("payment", "page_session", "form_draft"),
    ("payment", "subscriber", "sealed"),
    ("documents", "application_pdf", "content"),
    ("documents", "proof_document", "content"),
    ("gateway", "second_factors", "sealed"),
    ("gateway", "form_drafts", "sealed"),
}

HEAD = """# Personal data

What the suite knows about people, by level, where it is, and how each level is protected. Written by
`docs/generate_personal_data.py` from `(suite.common.v1.personal_data)` of the contracts and from its own tables;
`tests/unit/docs/test_personal_data_page.py` fails when a kind, a table or a column with such data is not here, or
the protection of a level is not in place.

| level | what | how it is protected |
|---|---|---|
"""
PROTECTION = {
    Level.PUBLIC: (
        "what anybody may look up: plans and rates as filed, geography, directories, legal texts",
        "files are checked before they are taken up",
    ),
    Level.INTERNAL: (
        "what the business needs, without facts about a client: ids, premiums, licenses, events",
        "signed callers, TLS between processes, a database for each service with least rights",
    ),
    Level.PERSONAL: (
        "facts about a client or a user",
        "as internal; every answer is recorded before it leaves; never in logs, traces, events, metrics or addresses; "
        "neither browsers nor proxies keep answers (`no-store`). Plain text in databases: encrypt disks and backups",
    ),
    Level.SEALED: (
        "social security numbers, whole documents, what was typed and not sent, secrets of second factors",
        "as personal; each value is encrypted by AES-256-GCM under a data key of its own, bound to its table, column "
        "and row; keys rotate ([how](../how-to/rotate-keys.md)). Pages and the API show the last four digits",
    ),
    Level.HASHED: (
        "what signs somebody in, or opens a link",
        "nobody can read it, the suite included: argon2id for what people choose, SHA-256 for what is random",
    ),
}
FOOT_OF_LEVELS = """
Card and account numbers have no level: no process stores, logs or sends them to anybody but the processor
([SECURITY.md](../../SECURITY.md)). Keys are settings ([cryptography](cryptography.md)).
"""


def write_page() -> str:
    """The whole page."""
    parts = [HEAD, *(f"| {level} | {' | '.join(told)} |\n" for level, told in PROTECTION.items()), FOOT_OF_LEVELS]
    parts += ["\n## In answers\n\n| message | kinds | level | fields |\n|---|---|---|---|\n"]
    parts += [f"| {' | '.join(_row(message))} |\n" for message in marked_messages()]
    parts.append("\n## In databases\n\nA table has the level of the most sensitive thing in it.\n")
    parts.append("\n### Every service\n\n| table | level | what, and how long |\n|---|---|---|\n")
    parts += list(_tables(OF_CHASSIS))
    for service, tables in TABLES.items():
        parts.append(f"\n### {service}\n\n| table | level | what, and how long |\n|---|---|---|\n")
        parts += list(_tables(tables))
    return "".join(parts)


def _tables(tables: dict[str, tuple[Level, str]]) -> Iterator[str]:
    for name, (level, what) in tables.items():
        yield f"| `{name}` | {level} | {what} |\n"


def _row(message: Any) -> tuple[str, str, str, str]:
    kinds = kinds_in(message)
    level = Level.SEALED if Level.SEALED in {LEVEL_OF_KIND[kind] for kind in kinds} else Level.PERSONAL
    own = [f"`{field.name}`" for field in message.fields if field.message_type is None]
    return f"`{message.full_name.removeprefix('suite.')}`", ", ".join(map(str.lower, kinds)), level, ", ".join(own)


def kinds_in(message: Any) -> list[str]:
    """What the message's own fields tell, by the names of the contracts: ``["IDENTITY", "SSN"]``."""
    marks = message.GetOptions().Extensions[common_pb2.personal_data]
    return [common_pb2.PersonalData.Name(mark).removeprefix("PERSONAL_DATA_") for mark in marks]


def marked_messages() -> list[Any]:
    """Descriptors of all messages in answers that tell about clients, by name."""
    found: dict[str, Any] = {}
    waiting = [rpc.output_type for rpc in RPCS]
    while waiting:
        message = waiting.pop()
        if message.full_name not in found:
            found[message.full_name] = message
            waiting += [field.message_type for field in message.fields if field.message_type is not None]
    return [found[name] for name in sorted(found) if kinds_in(found[name])]


if __name__ == "__main__":
    TARGET.write_text(write_page())
