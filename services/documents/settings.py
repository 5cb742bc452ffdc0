"""Settings of documents; the variables start with ``DOCUMENTS_``."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import Field, SecretStr

from chassis.encryption_settings import EncryptionSettings


class DocumentsSettings(EncryptionSettings):
    """``DOCUMENTS_FIELD_KEYS`` seal all documents.
    ``DOCUMENTS_CARRIERS``: JSON file with the carrier of each state, in place of the markets' own.
    ``DOCUMENTS_TEXTS``: folder with the carrier's own legal texts, laid over the shipped ones.
    ``DOCUMENTS_BLOBS``: where contents lie, ``file:///folder`` or ``s3://bucket``; none: in the database.
    """

    owner: ClassVar[str] = "documents"
    carriers: Path | None = None
    texts: Path | None = None
    blobs: str = Field("", pattern=r"^(|file:///.+|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$")
    blobs_endpoint: str = ""
    blobs_region: str = ""
    blobs_access_key: SecretStr = SecretStr("")
    blobs_secret_key: SecretStr = SecretStr("")
    # The bucket has Object Lock: what is put there cannot go before its time.
    blobs_lock: bool = False
