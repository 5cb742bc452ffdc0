"""The mapper copies by name, and refuses to be built over a field that it would forget."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest
from google.protobuf.message import Message
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2, records_pb2, steps_pb2

from chassis.kernel import InvalidInput, Money
from chassis.mapping import REST, FromProto, Problems, ToProto


class Kind(StrEnum):
    ON = "on"
    OFF = "off"


@dataclass(frozen=True)
class Hra:
    kind: str
    start_date: date | None
    employer_name: str
    monthly_contribution: Money | None


@dataclass(frozen=True)
class Event:
    kind: str
    date: date


@dataclass(frozen=True)
class General:
    special_enrollment: bool
    life_events: tuple[Event, ...]


@dataclass(frozen=True)
class Entry:
    at: datetime
    actor: str
    action: str
    summary: str
    changed_fields: tuple[str, ...]
    on_behalf_of: str = ""


@pytest.fixture(autouse=True)
def own_register(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pairs of a test are its own."""
    monkeypatch.setattr(ToProto, "declared", {})
    monkeypatch.setattr(FromProto, "declared", {})


def test_fields_of_the_same_name_go_out_and_come_back() -> None:
    value = Hra("QSEHRA", date(2026, 1, 1), "Acme", Money(1))
    message = ToProto(Hra, steps_pb2.Hra)(value)
    assert message == steps_pb2.Hra(
        kind="QSEHRA", start_date="2026-01-01", employer_name="Acme", monthly_contribution=common.Money(cents=1)
    )
    assert FromProto(steps_pb2.Hra, Hra)(message) == value


def test_none_is_a_field_that_is_not_given() -> None:
    message = ToProto(Hra, steps_pb2.Hra)(Hra("", None, "", None))
    assert message == steps_pb2.Hra()
    assert FromProto(steps_pb2.Hra, Hra)(message) == Hra("", None, "", None)


def test_times_and_renamed_fields_are_converted() -> None:
    entry = Entry(datetime(2026, 5, 1, 12, tzinfo=UTC), "a", "b", "c", ("x", "y"), "220002580")
    message = ToProto(Entry, records_pb2.TimelineEntry, on_behalf_of_writing_number="on_behalf_of")(entry)
    assert (message.at.ToDatetime(UTC), message.on_behalf_of_writing_number) == (entry.at, "220002580")
    back = FromProto(records_pb2.TimelineEntry, Entry, on_behalf_of="on_behalf_of_writing_number")
    assert back(message) == entry


def test_problems_name_the_path_of_the_field() -> None:
    read = FromProto(
        steps_pb2.GeneralStep,
        General,
        unread=("producer",),
        life_events=lambda _: (),
    )
    assert read(steps_pb2.GeneralStep(special_enrollment=True)) == General(True, ())
    event = FromProto(steps_pb2.LifeEvent, Event, unread=("prior_coverage_attested",))
    problems = Problems()
    event(steps_pb2.LifeEvent(kind="birth", date="2026-02-30"), problems, "life_events[0].")
    with pytest.raises(InvalidInput) as refused:
        problems.close()
    assert [one.field for one in refused.value.problems] == ["life_events[0].date"]


def test_paths_lead_into_lists_of_messages() -> None:
    FromProto(steps_pb2.LifeEvent, Event, unread=("prior_coverage_attested",))
    general = FromProto(steps_pb2.GeneralStep, General, unread=("producer",))
    sent = steps_pb2.GeneralStep(life_events=[steps_pb2.LifeEvent(date=day) for day in ("2026-01-01", "nonsense")])
    problems = Problems()
    general(sent, problems, "general.")
    with pytest.raises(InvalidInput) as refused:
        problems.close()
    assert [one.field for one in refused.value.problems] == ["general.life_events[1].date"]


@pytest.mark.parametrize("text", ["9999-12", "0001-01", "2026-13", "2026-5", "", "soon"])
def test_a_month_from_which_nothing_could_be_counted_is_refused(text: str) -> None:
    problems = Problems()
    problems.month("first_month", text)
    with pytest.raises(InvalidInput) as refused:
        problems.close()
    assert [one.field for one in refused.value.problems] == ["first_month"]


def test_a_month_is_its_first_day() -> None:
    problems = Problems()
    assert problems.month("first_month", "2026-05") == date(2026, 5, 1)
    problems.close()


def test_text_loses_the_spaces_around_it() -> None:
    sent = steps_pb2.Hra(employer_name="  Acme Bakery ")
    assert FromProto(steps_pb2.Hra, Hra)(sent).employer_name == "Acme Bakery"


@dataclass(frozen=True)
class WithoutEmployer:
    kind: str
    start_date: date | None
    monthly_contribution: Money | None


@dataclass(frozen=True)
class WithBonus(Hra):
    bonus: str = ""


def test_a_field_of_the_message_without_a_partner_is_refused_when_the_mapper_is_built() -> None:
    with pytest.raises(TypeError, match="without a partner: employer_name"):
        ToProto(WithoutEmployer, steps_pb2.Hra)
    with pytest.raises(TypeError, match="forgotten fields: employer_name"):
        FromProto(steps_pb2.Hra, WithoutEmployer)


def test_a_field_of_the_domain_without_a_partner_is_refused_when_the_mapper_is_built() -> None:
    with pytest.raises(TypeError, match="forgotten fields: bonus"):
        ToProto(WithBonus, steps_pb2.Hra)
    with pytest.raises(TypeError, match="without a partner: bonus"):
        FromProto(steps_pb2.Hra, WithBonus)


def test_a_list_of_exceptions_names_existing_fields_only() -> None:
    with pytest.raises(TypeError, match="lacks: employer"):
        ToProto(Hra, steps_pb2.Hra, unset=("employer",))
    with pytest.raises(TypeError, match="lacks: employer"):
        FromProto(steps_pb2.Hra, Hra, unread=("employer",))


def test_a_part_of_a_value_is_mapped_when_the_mapper_says_so() -> None:
    assert ToProto(WithBonus, steps_pb2.Hra, unsent=REST)(WithBonus("k", None, "", None)).kind == "k"


def test_a_call_gives_every_field_that_is_left_to_it() -> None:
    mapper = ToProto(WithoutEmployer, steps_pb2.Hra, at_call=("employer_name",))
    value = WithoutEmployer("k", None, None)
    assert mapper(value, employer_name="Acme").employer_name == "Acme"
    with pytest.raises(TypeError, match="employer_name"):
        mapper(value)


@dataclass(frozen=True)
class Numbered:
    kind: int
    date: date


@dataclass(frozen=True)
class Wordy:
    step: Kind
    field: str


def test_types_that_do_not_fit_are_refused_when_the_mapper_is_built() -> None:
    with pytest.raises(TypeError, match="no int goes into it"):
        ToProto(Numbered, steps_pb2.LifeEvent, unset=("prior_coverage_attested",))
    with pytest.raises(TypeError, match=r"suite\.enrollment\.v1\.Step has no on, off"):
        ToProto(Wordy, application_pb2.ReturnTo)


def test_a_pair_with_exceptions_is_declared_once_and_before_it_is_used() -> None:
    ToProto(Hra, steps_pb2.Hra)
    ToProto(Hra, steps_pb2.Hra)
    with pytest.raises(TypeError, match="used before it was declared"):
        ToProto(Hra, steps_pb2.Hra, kind=lambda _: "another")


def test_a_malformed_answer_of_a_service_is_an_error() -> None:
    wrong: Message = steps_pb2.LifeEvent(kind="birth", date="tomorrow")
    assert isinstance(wrong, steps_pb2.LifeEvent)
    with pytest.raises(ValueError, match="date"):
        FromProto(steps_pb2.LifeEvent, Event, unread=("prior_coverage_attested",))(wrong)


def test_a_fault_in_a_mapper_shows_its_line_in_the_traceback() -> None:
    broken: Any = Hra("QSEHRA", "2026-01-01", "Acme", None)  # type: ignore[arg-type]  # a text where a date belongs
    with pytest.raises(AttributeError) as caught:
        ToProto(Hra, steps_pb2.Hra)(broken)
    shown = "".join(traceback.format_exception(caught.value))
    assert "<Hra -> suite.enrollment.v1.Hra>" in shown
    assert "start_date=None if (one := _value.start_date) is None else one.isoformat()," in shown
