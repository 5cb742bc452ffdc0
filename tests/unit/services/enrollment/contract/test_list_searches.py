"""Filters and orders of lists of applications."""

from __future__ import annotations

import pytest
from suite.enrollment.v1 import application_overview_pb2 as pb
from suite.enrollment.v1 import application_pb2

from chassis.kernel import InvalidInput
from services.enrollment.contract import overview_protos
from services.enrollment.domain.application_list import Column

INCOMPLETE = application_pb2.APPLICATION_STATUS_INCOMPLETE


def test_every_bad_field_of_a_filter_is_named_at_once() -> None:
    given = pb.ApplicationFilter(submitted_from="soon", expires_to="2026-02-30", payment_status="rich")
    order = pb.ApplicationOrder(by=77)  # type: ignore[arg-type]  # a number that no enum has
    with pytest.raises(InvalidInput) as refusal:
        overview_protos.search_to_domain(INCOMPLETE, given, order)
    fields = {problem.field for problem in refusal.value.problems}
    assert fields == {"filter.submitted_from", "filter.expires_to", "filter.payment_status", "order.by"}
    assert "soon" not in str(refusal.value.problems)


def test_without_an_order_the_newest_come_first() -> None:
    found = overview_protos.search_to_domain(INCOMPLETE, pb.ApplicationFilter(), pb.ApplicationOrder())
    assert (found.by, found.descending) == (Column.RECORD_NUMBER, True)
    asked = pb.ApplicationOrder(by=pb.APPLICATION_COLUMN_EXPIRES_ON)
    found = overview_protos.search_to_domain(INCOMPLETE, pb.ApplicationFilter(), asked)
    assert (found.by, found.descending) == (Column.EXPIRES_ON, False)
