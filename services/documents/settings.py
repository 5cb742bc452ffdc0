"""Settings of documents; the variables start with ``DOCUMENTS_``."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from chassis.settings import ServiceSettings


class DocumentsSettings(ServiceSettings):
    """``DOCUMENTS_CARRIERS``: JSON file with the carrier of each state, in place of the markets' own.
    ``DOCUMENTS_TEXTS``: folder with the carrier's own legal texts, laid over the shipped ones.
    """

    # Key-encryption key of all documents: 32 bytes in base64.
    field_key: SecretStr
    carriers: Path | None = None
    texts: Path | None = None
