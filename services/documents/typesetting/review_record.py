"""The record that the client reviewed and consented, as it is printed (45 CFR 155.220(j)(2)(ii)-(iii))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from suite.enrollment.v1 import application_pb2, records_pb2

from chassis.form_words import get_form_words
from chassis.kernel import get_markets
from services.documents.typesetting.formatting import format_phone, format_text
from services.documents.typesetting.record_texts import get_record_texts

Row = list[str]


def review_record(
    application: application_pb2.Application, texts: Sequence[Mapping[str, Any]], language: str
) -> dict[str, list[Row]]:
    """Empty where no client signed by a link."""
    if not application.HasField("client_review"):
        return {}
    return consent_record(application.client_review, application.state, language, texts)


def consent_record(
    consent: records_pb2.ReviewConsent, state: str, language: str, texts: Sequence[Mapping[str, Any]]
) -> dict[str, list[Row]]:
    """Labels and values: ``facts`` in short words, ``lines`` of any length. ``texts``: those that are printed."""
    words, say = get_form_words(language), get_record_texts(language)
    titles = {text["name"]: text["title"] for text in texts}
    facts = {
        "signed_by": consent.signer_name,
        "signed_as": signer_role(consent, language),
        "signed_at": words.moment(_local(consent.signed_at.ToDatetime(UTC), state)),
        "language": words.word(f"language_{consent.language}"),
        "assisted_by": consent.producer_name,
        "writing_number": consent.writing_number,
        **({"producer_phone": format_phone(consent.producer_phone)} if consent.producer_phone else {}),
        **({"producer_npn": consent.producer_npn} if consent.producer_npn else {}),
        "texts_read": ", ".join(f"{titles.get(one.kind, one.kind)} {one.version}" for one in consent.texts),
        "keep_until": words.day(date.fromisoformat(consent.keep_until)) if consent.keep_until else "",
    }
    lines = {
        "review_id": consent.review_id,
        "sha256": consent.sha256,
        "standing": _standing(consent, state, language),
    }
    return {
        "facts": [[say[key], format_text(value)] for key, value in facts.items()],
        "lines": [[say[key], format_text(value)] for key, value in lines.items()],
    }


def signer_role(consent: records_pb2.ReviewConsent, language: str) -> str:
    name = records_pb2.ReviewSigner.Name(consent.signer).removeprefix("REVIEW_SIGNER_").lower()
    return get_record_texts(language).get(name, "")


def _standing(consent: records_pb2.ReviewConsent, state: str, language: str) -> str:
    texts = get_record_texts(language)
    if consent.HasField("withdrawn_at"):
        party = "producer" if consent.withdrawn_by == records_pb2.REVIEW_PARTY_PRODUCER else "client"
        when = get_form_words(language).moment(_local(consent.withdrawn_at.ToDatetime(UTC), state))
        return texts[f"withdrawn_by_{party}"].format(when=when)
    return texts["in_force" if consent.current else "outdated"]


def _local(moment: datetime, state: str) -> datetime:
    """As clocks show it in the state."""
    return moment.astimezone(get_markets()[state].zone)
