"""One row of the route table.

A ``{name}`` in a path fills the request field of that name; ``Idempotency-Key`` and ``If-Match`` fill
``idempotency_key`` and ``version`` wherever the request has them. The OpenAPI document comes from the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor

from chassis.contract_options import DeclaredError, declared_errors, max_bytes, media_types

WHOLE = "*"
PAGE = {"page_size": "page.size", "page_token": "page.token"}
APPLICATION = "/applications/{record_number}"


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address."""

    verb: str
    path: str
    rpc: MethodDescriptor
    summary: str
    # Query parameter -> request field; a dot goes into a message.
    query: Mapping[str, str] = field(default_factory=dict)
    # Words that the API uses for a query value, or for a word of the body, where the proto has another.
    aliases: Mapping[str, str] = field(default_factory=dict)
    # Field -> the words that it takes here, where they are fewer than those of the proto.
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # WHOLE: the body is the request; a name: the body is that field; None: there is no body.
    body: str | None = None
    # May be sent without a body.
    body_optional: bool = False
    # The version that was read has to come along.
    if_match_required: bool = False
    # Asked before, with the fields of the path: when it refuses, its refusal is the answer.
    precondition_rpc: MethodDescriptor | None = None
    # Asked before, with the fields of the path and the parameters that it has: its answer fills the request's fields of
    # the same names, so that a caller need not send again what a service knows.
    basis_rpc: MethodDescriptor | None = None
    success: int = 200
    # Where a thing that was made can be read: a format of the answer's fields.
    location: str = ""
    # Many ask for the same and get the same: what a body means and how an answer looks is worked out once. Only where
    # the body is the whole request, and for answers without a version or an address of their own.
    asked_alike: bool = False
    # Answers without a sign-in; the gateway asks in its own name.
    public: bool = False

    @property
    def consumes(self) -> tuple[str, ...]:
        """What a file may be that is the body and fills ``body``; its type fills ``media_type``. Empty for JSON."""
        field = self._file
        return media_types(field) if field else ()

    @property
    def max_bytes(self) -> int:
        """The most that such a file may have; 0 for JSON."""
        field = self._file
        return max_bytes(field) if field else 0

    @property
    def produces(self) -> tuple[str, ...]:
        """What a file may be that is the answer; empty for JSON."""
        content = self.rpc.output_type.fields_by_name.get("content")
        return media_types(content) if content else ()

    @property
    def errors(self) -> tuple[DeclaredError, ...]:
        """What the rpcs of this route may be refused for, as their contracts list it."""
        before = tuple(
            error for rpc in (self.precondition_rpc, self.basis_rpc) if rpc for error in declared_errors(rpc)
        )
        own = declared_errors(self.rpc)
        codes = {(error.status, error.code) for error in own}
        return own + tuple(error for error in before if (error.status, error.code) not in codes)

    @property
    def _file(self) -> FieldDescriptor | None:
        return self.rpc.input_type.fields_by_name.get(self.body or "")

    @property
    def creates(self) -> bool:
        return "idempotency_key" in self.rpc.input_type.fields_by_name

    @property
    def versioned(self) -> bool:
        return "version" in self.rpc.input_type.fields_by_name

    @property
    def path_fields(self) -> list[str]:
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    @property
    def fields_elsewhere(self) -> frozenset[str]:
        """The fields of the request that are not in its body: path, query and headers fill them, but for those
        that forms of the portal need: here each refusal names all that is wrong, and readiness what is missing.
        """
        for_forms = {"validate_only", "missing_in"}
        return frozenset({*self.path_fields, *self.query.values(), "idempotency_key", "version", *for_forms})

    @property
    def unwrapped(self) -> str | None:
        """``GetQuoteResponse`` holds one message and nothing else: the answer is that message."""
        fields = self.rpc.output_type.fields
        if len(fields) == 1 and fields[0].message_type and not fields[0].is_repeated:
            return fields[0].name
        return None
