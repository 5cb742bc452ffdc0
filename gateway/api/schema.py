"""JSON Schemas of proto messages, from the descriptors that the converters work by, so the two cannot disagree."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from chassis.bounds import Bounds, bounds_of
from chassis.contract import is_flattened, is_required
from gateway.api import proto_docs
from gateway.api.json_values import MONEY, MONEY_PATTERN, TIMESTAMP
from gateway.api.openapi_shapes import enum_schema
from gateway.edge.enum_names import enum_words

Schema = dict[str, Any]

_MONEY: Schema = {"type": "string", "pattern": MONEY_PATTERN, "description": 'US dollars, "886.79".'}
_TIMESTAMP: Schema = {"type": "string", "format": "date-time"}
_SCALARS: dict[int, Schema] = {
    FieldDescriptor.TYPE_STRING: {"type": "string"},
    FieldDescriptor.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.TYPE_INT32: {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    FieldDescriptor.TYPE_INT64: {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1},
    FieldDescriptor.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
}


class Schemas:
    """Collects the component schemas that the document's references point to."""

    def __init__(self) -> None:
        self.components: dict[str, Schema] = {}
        self._owners: dict[str, str] = {}

    def answer(self, message: Any) -> Schema:
        """Reference to a message as it is given out: every field is there, null where absent."""
        return self._reference(message, sent=False)

    def request(self, message: Any) -> Schema:
        """Reference to a message as it may be sent in."""
        return self._reference(message, sent=True)

    def body(self, message: Any, elsewhere: Collection[str]) -> Schema:
        """A request without the fields that path and headers fill."""
        return self._object(message, sent=True, leave_out=elsewhere)

    def field(self, field: Any, *, sent: bool) -> Schema:
        schema = self._one(field, sent)
        limits = _bounds(field) if sent else {}
        if field.is_repeated:
            least = {"minItems": 1} if sent and is_required(field) else {}
            counts: Schema = {name: limits.pop(name) for name in ("minItems", "maxItems") if name in limits}
            schema = {"type": "array", "items": {**schema, **limits}, **least, **counts}
            if sent and not is_required(field):
                schema = {"anyOf": [schema, {"type": "null"}]}
        elif sent and is_required(field):
            least = {"minLength": 1} if field.type == FieldDescriptor.TYPE_STRING else {}
            schema = {**schema, **least, **limits}
        elif sent or _may_be_null(field):
            # What is not given may be sent as an empty text, however long it has to be.
            empty = [{"type": "string", "maxLength": 0}] if "minLength" in limits else []
            schema = {"anyOf": [{**schema, **limits}, {"type": "null"}, *empty]}
        if comment := proto_docs.find_comment(field):
            schema = {**schema, "description": comment}
        return schema

    def _reference(self, message: Any, *, sent: bool) -> Schema:
        if message.full_name == MONEY:
            return dict(_MONEY)
        if message.full_name == TIMESTAMP:
            return dict(_TIMESTAMP)
        name = f"{message.name}Input" if sent else message.name
        self._claim(name, message.full_name)
        if name not in self.components:
            self.components[name] = {}  # stands before its fields are asked, should a message contain itself
            self.components[name] = self._object(message, sent=sent)
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, message: Any, *, sent: bool, leave_out: Collection[str] = ()) -> Schema:
        fields = [field for field in (message.fields if sent else _flat(message)) if field.name not in leave_out]
        schema: Schema = {
            "type": "object",
            "properties": {field.name: self.field(field, sent=sent) for field in fields},
            "additionalProperties": False,
        }
        if required := [field.name for field in fields if not sent or is_required(field)]:
            schema["required"] = required
        if comment := proto_docs.find_comment(message):
            schema["description"] = comment
        return schema

    def _one(self, field: Any, sent: bool) -> Schema:
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            return self._reference(field.message_type, sent=sent)
        if field.type == FieldDescriptor.TYPE_ENUM:
            return self._words(field.enum_type)
        return dict(_SCALARS[field.type])

    def _words(self, enum: Any) -> Schema:
        """Reference to the words of an enum; they mean the same in requests and in answers."""
        self._claim(enum.name, enum.full_name)
        self.components.setdefault(enum.name, words_of(enum, {word: word for word in enum_words(enum)}))
        return {"$ref": f"#/components/schemas/{enum.name}"}

    def _claim(self, name: str, owner: str) -> None:
        if self._owners.setdefault(name, owner) != owner:
            raise ValueError(f"{owner} and {self._owners[name]} would share the name {name}")


def _bounds(field: Any) -> Schema:
    """Of a request. Amounts travel as text, to which no range of JSON Schema applies: theirs is in words."""
    bounds = bounds_of(field) or Bounds()
    low, high = bounds.minimum, bounds.maximum
    limits = {
        "minLength": bounds.min_length,
        "maxLength": bounds.max_length,
        # What is not given may be sent as an empty text.
        "pattern": None if bounds.pattern is None else f"^(?:{bounds.pattern})?$",
        "minimum": None if bounds.is_money else low,
        "maximum": None if bounds.is_money else high,
        "minItems": bounds.min_items,
        "maxItems": bounds.max_items,
    }
    return {name: limit for name, limit in limits.items() if limit is not None}


def words_of(enum: Any, spellings: Mapping[str, str]) -> Schema:
    """Words of an enum, each with what it means; the keys are how they are written, the values how the proto does."""
    values = {word: enum.values_by_number[number] for word, number in enum_words(enum).items()}
    return enum_schema(
        proto_docs.find_comment(enum),
        {written: proto_docs.find_value_comment(values[word]) for written, word in spellings.items()},
    )


def _flat(message: Any) -> list[Any]:
    """The fields of an answer as JSON shows them."""
    return [
        inner for field in message.fields for inner in (_flat(field.message_type) if is_flattened(field) else (field,))
    ]


def _may_be_null(field: Any) -> bool:
    """In an answer: what may be absent, and an enum that is not given."""
    return bool(field.has_presence) or field.type == FieldDescriptor.TYPE_ENUM
