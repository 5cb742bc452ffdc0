"""Writes docs/reference/events.md from the protos: ``.venv/bin/python docs/generate_events.py``.

An event is a message whose comment begins with its wire type ("enrollment.application.submitted.v1").
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet

ROOT = Path(__file__).resolve().parents[1]
PROTOS = ROOT / "protos"
TARGET = ROOT / "docs" / "reference" / "events.md"

HEAD = """# Events

Written by `docs/generate_events.py` from `protos/`; a test keeps it so. How to listen:
[subscribe to events](../how-to/subscribe-to-events.md).

- Inside the suite an event of service X goes to the durable topic exchange `X.events`; its type is its routing key.
  Other systems read a queue of their own, `feed.NAME`. A type never changes its meaning; what would break a reader
  becomes `.v2`. New fields may appear: ignore what you do not know.
- The body is proto3 JSON. A field that is empty, zero or false is left out; whole numbers of 64 bits are text
  (`"88679"`). Amounts are cents. Dates are `2026-04-01`.
- Attributes are CloudEvents 1.0 in AMQP headers: `cloudEvents:id`, `:source`, `:type`, `:time`, `:subject` (what the
  event is about, a record number for instance), and `traceparent`. The AMQP `message_id` is the event's id,
  its `type` the event's type. `x-suite-sequence` is the event's number in a feed.
- An event may come more than once: keep the ids that you have handled. Events of one subject leave in order.
- No event carries the name, birth date, address or social security number of an applicant.
"""

KINDS = {
    FieldDescriptorProto.TYPE_STRING: "text",
    FieldDescriptorProto.TYPE_INT32: "number",
    FieldDescriptorProto.TYPE_INT64: "number as text",
    FieldDescriptorProto.TYPE_BOOL: "true",
}
EVENT = re.compile(r"^([a-z]+\.[a-z_]+\.[a-z_]+\.v\d+)(?:: *(.*))?$", re.DOTALL)


@dataclass(frozen=True)
class Found:
    """All messages, enums and comments of the protos, by full name (".suite.quote.v1.QuoteCreated.quote_id")."""

    messages: dict[str, DescriptorProto]
    enums: dict[str, EnumDescriptorProto]
    comments: dict[str, str]


@cache
def read_protos() -> Found:
    found = Found({}, {}, {})
    for file in _compile().file:
        package = f".{file.package}"
        found.messages.update({f"{package}.{message.name}": message for message in file.message_type})
        found.enums.update({f"{package}.{enum.name}": enum for enum in file.enum_type})
        for place in file.source_code_info.location:
            path, comment = list(place.path), " ".join(place.leading_comments.split())
            if comment and path[:1] == [4] and len(path) in (2, 4):
                message = file.message_type[path[1]]
                field = f".{message.field[path[3]].name}" if len(path) == 4 and path[2] == 2 else ""
                found.comments[f"{package}.{message.name}{field}"] = comment
    return found


def _compile() -> FileDescriptorSet:
    with tempfile.NamedTemporaryFile() as out:
        files = [str(path.relative_to(PROTOS)) for path in sorted(PROTOS.rglob("*.proto"))]
        options = [f"-I{PROTOS}", "--include_source_info", f"--descriptor_set_out={out.name}"]
        subprocess.run([sys.executable, "-m", "grpc_tools.protoc", *options, *files], check=True)
        return FileDescriptorSet.FromString(Path(out.name).read_bytes())


def events(found: Found) -> Iterator[tuple[str, str, str]]:
    """Wire type, meaning and message name of every event."""
    for name, comment in found.comments.items():
        if name in found.messages and (match := EVENT.match(comment)):
            yield match[1], match[2] or "", name


def rows(found: Found, name: str, prefix: str = "") -> Iterator[str]:
    """Table rows of a message, those of its parts included."""
    for field in found.messages[name].field:
        many = field.label == FieldDescriptorProto.LABEL_REPEATED
        path = f"{prefix}{field.json_name}{'[]' if many else ''}"
        comment = found.comments.get(f"{name}.{field.name}", "")
        if field.type_name in found.messages:
            if comment or many:
                yield f"| `{path}` | {'list' if many else 'object'} | {comment} |"
            yield from rows(found, field.type_name, f"{path}.")
        else:
            yield f"| `{path}` | {_kind(found, field)} | {comment} |"


def _kind(found: Found, field: FieldDescriptorProto) -> str:
    if field.type_name in found.enums:
        values = [value.name for value in found.enums[field.type_name].value if value.number]
        return " or ".join(f"`{value}`" for value in values)
    return KINDS[field.type]


def render() -> str:
    found = read_protos()
    parts = [HEAD]
    for event_type, meaning, name in sorted(events(found)):
        sentence = f"{meaning[0].upper()}{meaning[1:]}\n\n" if meaning else ""
        exchange = f"Exchange `{event_type.split('.', 1)[0]}.events`, message `{name.lstrip('.')}`.\n"
        table = "\n".join(["| field | type | meaning |", "|---|---|---|", *rows(found, name)])
        parts.append(f"## {event_type}\n\n{sentence}{exchange}\n{table}\n")
    return "\n".join(parts)


def main(target: Path = TARGET) -> None:
    target.write_text(render())


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
