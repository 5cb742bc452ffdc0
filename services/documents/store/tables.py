"""Store: the tables of the documents service. Instants are UTC."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ARRAY, DateTime, LargeBinary, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.db import plumbing_tables


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[object, object]] = {
        str: Text,
        bytes: LargeBinary,
        datetime: DateTime(timezone=True),
        list[str]: ARRAY(Text),
    }


PLUMBING = plumbing_tables(Base.metadata)


class ApplicationPdfRow(Base):
    """The PDF of one application; without content while it is being made."""

    __tablename__ = "application_pdf"

    record_number: Mapped[str] = mapped_column(primary_key=True)
    writing_number: Mapped[str]
    content: Mapped[bytes | None]
    sha256: Mapped[str | None]
    rendered_at: Mapped[datetime | None]
    texts: Mapped[list[str]]
