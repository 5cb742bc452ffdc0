"""How the pages write dates, amounts and places."""

from __future__ import annotations

from google.protobuf.timestamp_pb2 import Timestamp
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2

from gateway.pages import words


def test_dates_are_written_as_in_the_lists_of_the_guide() -> None:
    assert words.day("2025-05-23") == "5/23/2025"
    assert words.day("") == words.day("not a day") == words.NOTHING


def test_a_moment_is_told_where_the_application_stands() -> None:
    at = Timestamp(seconds=1_747_837_440)  # 2025-05-21 14:24 UTC
    assert words.moment(at, "TX") == "5/21/2025, 9:24 AM"
    assert words.moment(at, "MT") == "5/21/2025, 8:24 AM"


def test_amounts_have_thousands_and_cents() -> None:
    line = application_pb2.PlanLine(monthly_premium=common_pb2.Money(cents=145_881))
    assert words.money(line) == "$1,458.81"
    assert words.money(application_pb2.PlanLine()) == words.NOTHING
    assert words.money(application_pb2.PlanLine(monthly_premium=common_pb2.Money())) == "$0.00"


def test_the_place_of_a_field_is_said_in_words() -> None:
    assert words.place("people[1].first_name") == "person 2, first name"
    assert words.place("home_address.zip") == "home address, zip"


def test_states_of_things_are_words() -> None:
    assert words.word(application_pb2.STEP_OTHER_COVERAGE, application_pb2.Step) == "Other coverage"
    assert words.word(application_pb2.STEP_UNSPECIFIED, application_pb2.Step) == words.NOTHING
    assert words.label("bill_later") == "Bill later"
