"""Store: the tables of the documents service. Instants are UTC."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ARRAY, BigInteger, DateTime, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.db import infrastructure_tables


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[object, object]] = {
        str: Text,
        bytes: LargeBinary,
        datetime: DateTime(timezone=True),
        list[str]: ARRAY(Text),
    }


INFRASTRUCTURE = infrastructure_tables(Base.metadata)


class ApplicationPdfRow(Base):
    """The PDF of one application, sealed; without content while it is being made."""

    __tablename__ = "application_pdf"

    record_number: Mapped[str] = mapped_column(primary_key=True)
    writing_number: Mapped[str]
    content: Mapped[bytes | None]
    # Where it lies when it is not here.
    blob: Mapped[str | None]
    sha256: Mapped[str | None]
    rendered_at: Mapped[datetime | None]
    texts: Mapped[list[str]]
    # A value of domain.document.RenderFailure; empty while all is well.
    trouble: Mapped[str | None]


class ProofDocumentRow(Base):
    """Proof of a life event; ``content`` is sealed, ``size`` and ``sha256`` are of what is inside."""

    __tablename__ = "proof_document"
    __table_args__ = (UniqueConstraint("record_number", "number", name="proofs_of_an_application_are_counted"),)

    document_id: Mapped[str] = mapped_column(primary_key=True)
    record_number: Mapped[str]
    writing_number: Mapped[str]
    number: Mapped[int]
    kind: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    pages: Mapped[int]
    added_at: Mapped[datetime]
    added_by: Mapped[str]
    content: Mapped[bytes | None]
    # Where it lies when it is not here.
    blob: Mapped[str | None]


for _table in (ApplicationPdfRow, ProofDocumentRow):
    Index(f"{_table.__tablename__}_blob", _table.blob, unique=True, postgresql_where=_table.blob.is_not(None))
