"""How the pages write dates, amounts and places."""

from __future__ import annotations

from google.protobuf.timestamp_pb2 import Timestamp
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2

from gateway.pages import formatting


def test_dates_are_written_as_in_the_lists_of_the_guide() -> None:
    assert formatting.format_day("2025-05-23") == "5/23/2025"
    assert formatting.format_day("") == formatting.format_day("not a day") == formatting.NOTHING


def test_moment_is_shown_in_the_time_of_the_applications_state() -> None:
    at = Timestamp(seconds=1_747_837_440)  # 2025-05-21 14:24 UTC
    assert formatting.format_moment(at, "TX") == "5/21/2025, 9:24 AM"
    assert formatting.format_moment(at, "MT") == "5/21/2025, 8:24 AM"


def test_amounts_have_thousands_and_cents() -> None:
    line = application_pb2.PlanLine(monthly_premium=common_pb2.Money(cents=145_881))
    assert formatting.format_money(line) == "$1,458.81"
    assert formatting.format_money(application_pb2.PlanLine()) == formatting.NOTHING
    assert formatting.format_money(application_pb2.PlanLine(monthly_premium=common_pb2.Money())) == "$0.00"


def test_record_numbers_of_a_text_do_not_break_and_nothing_of_it_is_markup() -> None:
    kept = formatting.keep_record_numbers_whole("<b>A-0638</b>, A-12345 & A-B")
    number = '<span class="nowrap">{}</span>'.format
    assert kept == f"&lt;b&gt;{number('A-0638')}&lt;/b&gt;, {number('A-12345')} &amp; A-B"


def test_telephone_numbers_of_ten_digits_are_grouped_and_others_stay_as_they_are() -> None:
    for written in ("3125550142", "312-555-0142", "(312) 555 0142", "+1 312 555 0142"):
        assert formatting.format_phone(written) == "(312) 555-0142"
    assert formatting.format_phone("312 555 0142 ext. 7") == "312 555 0142 ext. 7"
    assert formatting.format_phone("") == formatting.NOTHING


def test_field_path_is_shown_in_words() -> None:
    assert formatting.format_field_path("people[1].first_name") == "person 2, first name"
    assert formatting.format_field_path("others[0].group_id").endswith("group ID")
    assert formatting.format_field_path("home_address.zip") == "home address, ZIP"


def test_enum_value_is_shown_as_words() -> None:
    assert formatting.format_enum(application_pb2.STEP_OTHER_COVERAGE, application_pb2.Step) == "Other coverage"
    assert formatting.format_enum(application_pb2.STEP_UNSPECIFIED, application_pb2.Step) == formatting.NOTHING
    assert formatting.format_label("bill_later") == "Bill later"
