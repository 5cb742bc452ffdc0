"""An operation of the OpenAPI document that comes from no proto."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from chassis.contract_options import DeclaredError
from gateway.api.openapi_errors import build_error_responses
from gateway.api.openapi_shapes import Shape


def build_operation(
    name: str,
    summary: str,
    description: str,
    status: str,
    schema: Shape | None,
    refusals: Iterable[str],
    errors: Sequence[DeclaredError] = (),
    **more: Any,
) -> dict[str, Any]:
    """``refusals``: the statuses that it may answer besides success; ``errors``: those of its own."""
    done: dict[str, Any] = {"description": "Done."}
    if schema:
        done["content"] = {"application/json": {"schema": schema}}
    return {
        "operationId": name,
        "summary": summary,
        "description": description,
        "responses": {status: done} | build_error_responses(refusals, errors),
        **more,
    }


def build_parameter(place: str, name: str, description: str) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"name": name, "in": place, "required": place == "path", "description": description, "schema": schema}


def refer_to(name: str) -> Shape:
    return {"$ref": f"#/components/schemas/{name}"}
