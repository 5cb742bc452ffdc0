"""kombu unpacks no body in a process of ours, whatever its header says."""

from __future__ import annotations

import zlib

import pytest
from kombu import compression
from kombu.message import Message

from chassis.bus.compression import CompressionRefused

BODY = b'{"id": "n-1"}'


@pytest.fixture
def kombu_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "_decoders", {"application/x-gzip": zlib.decompress})


@pytest.mark.parametrize("kind", [*compression.encoders(), "gzip", "zlib", "bzip2", "xz"])
def test_a_compressed_body_stays_as_it_came(kind: str) -> None:
    packed, _ = compression.compress(BODY, kind)
    message = Message(packed, headers={"compression": kind})
    assert message.body == packed
    assert isinstance(message.errors[0][1], CompressionRefused)


@pytest.mark.usefixtures("kombu_as_it_comes")
def test_kombu_by_itself_would_unpack_it() -> None:
    """The control."""
    assert Message(zlib.compress(BODY), headers={"compression": "gzip"}).body == BODY
