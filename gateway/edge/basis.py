"""A request that is filled with what another service answers, by the names of the fields."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message
from suite.enrollment.v1 import plan_choice_pb2
from suite.quote.v1 import quote_service_pb2

from chassis.identity import Caller
from gateway.edge.rpcs import ENROLLMENT, QUOTE
from gateway.edge.service_clients import ServiceClients


async def read_rating_basis(services: ServiceClients, caller: Caller, record_number: str) -> Message:
    """What the plans of an application as it stands are priced with, medical and dental ones alike.

    Raises NotReady, with what is missing, while the application lacks its place, its date or a birth date.
    """
    asked = plan_choice_pb2.GetRatingBasisRequest(record_number=record_number)
    return await services.call(ENROLLMENT["GetRatingBasis"], asked, caller)


async def search_plans_on(
    basis: Message, services: ServiceClients, caller: Caller, wanted: quote_service_pb2.SearchPlansRequest
) -> quote_service_pb2.SearchPlansResponse:
    """``wanted`` has coverage, filters, order and page; place, date and people come from the basis."""
    coverage = wanted.coverage
    fill_from_basis(wanted, basis)
    wanted.coverage = coverage
    found = quote_service_pb2.SearchPlansResponse
    return await services.ask(QUOTE["SearchPlans"], wanted, found, caller)


def with_shared_fields(asked: Message, given: Message) -> Message:
    """``asked`` with the fields of ``given`` that it has too."""
    _copy(given, asked)
    return asked


def fill_from_basis(request: Message, basis: Message) -> None:
    """The basis's fields of the same names, in place of the request's; what is the basis's alone stays behind."""
    _copy(basis, request)


def _copy(source: Any, target: Any) -> None:
    known = target.DESCRIPTOR.fields_by_name
    for field, value in source.ListFields():
        if field.name not in known:
            continue
        if not field.is_repeated and not field.message_type:
            setattr(target, field.name, value)
        elif field.is_repeated and field.message_type:
            for item in value:
                _copy(item, getattr(target, field.name).add())
        elif field.is_repeated:
            getattr(target, field.name).extend(value)
        else:
            _copy(value, getattr(target, field.name))
