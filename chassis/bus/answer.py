"""What a call answers with: JSON for whoever comes, and for callers of ours, who ask for it, the message as it is.

Making and reading JSON of an answer took a seventh of a worker's time. A worker of an earlier release does not know the
request and answers in JSON, so either side may be upgraded first.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, TypeVar

from google.protobuf import json_format
from google.protobuf.message import Message

M = TypeVar("M", bound=Message)

# In the context of a call, beside the deadline.
WANTED, BINARY = "answer", "protobuf"
# No field of a message begins so.
_KEY = "@protobuf"


def pack_answer(message: Message, context: Mapping[str, Any]) -> dict[str, Any]:
    """In the form for which the call asks."""
    if context.get(WANTED) == BINARY:
        return {_KEY: base64.b64encode(message.SerializeToString()).decode()}
    packed: dict[str, Any] = json_format.MessageToDict(message, preserving_proto_field_name=True)
    return packed


def unpack_answer(answer: dict[str, Any], message: M) -> M:
    """Fill a message with what came back, in either form."""
    if _KEY in answer:
        message.ParseFromString(base64.b64decode(answer[_KEY]))
        return message
    return json_format.ParseDict(answer, message, ignore_unknown_fields=True)
