"""Domain: the versioned texts that a client agrees to or is shown; documents keep the wording (rules.md 5, 8)."""

from __future__ import annotations

from enum import StrEnum


class TextKind(StrEnum):
    """The names under which documents keeps the texts."""

    TERMS = "terms"  # R40, R41
    TEXT_MESSAGES = "text-messages"  # R51
    ELECTRONIC_DELIVERY = "electronic-delivery"  # R50, R51
    PEDIATRIC_DENTAL = "pediatric-dental"  # R65
    REPLACEMENT_RIGHTS = "replacement-rights"  # R74
    PROXY = "proxy"  # R77
    CONSUMER_CHOICE = "consumer-choice"  # R82
