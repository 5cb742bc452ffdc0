"""No body on the bus is decompressed: we compress none, and a few kilobytes of an outsider's could become gigabytes.

kombu unpacks a body before anybody can ask how large it will be, by the header that its sender chose. aio-pika leaves
the header alone, and so does ``chassis.bus.delivery``, which makes a dead letter of such a message.
"""

from __future__ import annotations

from typing import Any, NoReturn

from kombu import compression


class CompressionRefused(Exception):
    """kombu keeps it as the reason why a body cannot be read."""


def refuse_compression() -> None:
    """Put a refusal in the place of each of kombu's decoders, for the whole process."""
    for kind in compression.encoders():
        encoder, _ = compression.get_encoder(kind)
        compression.register(encoder, _refuse, kind)


def _refuse(_body: Any) -> NoReturn:
    raise CompressionRefused
