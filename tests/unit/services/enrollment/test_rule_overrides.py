"""The operator's folder of rules over the shipped ones, and what a carrier may take or leave."""

import re
from datetime import date
from pathlib import Path
from shutil import copy

import pytest

from services.enrollment.domain.effective_dates import effective_dates
from services.enrollment.domain.life_event_rule import StartKind
from services.enrollment.domain.rule_pack import Circumstances, RulePack
from services.enrollment.domain.steps import GeneralStep, LifeEvent
from services.enrollment.rulebook import PACKS, BadRulePack, Rulebook, read_rule_pack
from tests.rule_parts import later_part, newest_part

SHIPPED = newest_part("open_enrollment")
NEWER, NEWEST = later_part("open_enrollment"), later_part("open_enrollment", by=2)
FEDERAL_LIMIT = "{selected_until: 2026-12-31, effective_date: 2027-01-01}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "parts").mkdir()
    return tmp_path


def announce(folder: Path, name: str = NEWER) -> None:
    """Illinois and New Mexico close on 20 December 2026."""
    text = SHIPPED.read_text()
    assert FEDERAL_LIMIT in text
    text = text.replace(FEDERAL_LIMIT, FEDERAL_LIMIT.replace("12-31", "12-20")).replace(
        "last_day: 2026-12-31", "last_day: 2026-12-20"
    )
    (folder / "parts" / f"{name}.yaml").write_text(text.replace("    announced: false\n", "", 1))


def announce_with_fault(folder: Path, right: str, wrong: str) -> None:
    """The same part, with ``wrong`` in the place of ``right``."""
    announce(folder)
    part = folder / "parts" / f"{NEWER}.yaml"
    text = part.read_text()
    assert right in text
    part.write_text(text.replace(right, wrong, 1))


def last_day(pack: RulePack) -> date:
    window = pack.window_on("IL", date(2026, 11, 28))
    assert window
    return window.last_day


def test_a_newer_part_takes_the_place_of_the_shipped_one_in_every_pack_that_names_it(folder: Path) -> None:
    announce(folder)
    book = Rulebook(laid_over=folder)
    assert {last_day(pack) for pack in book.packs} == {date(2026, 12, 20)}
    assert {last_day(pack) for pack in Rulebook().packs} == {date(2026, 12, 31)}


def test_an_effective_date_names_the_part_that_was_laid_over(folder: Path) -> None:
    announce(folder)
    pack = Rulebook(laid_over=folder).version("2027.1")
    c = Circumstances(date(2026, 12, 1), pack)
    [option] = effective_dates(GeneralStep(special_enrollment=False), "IL", c).options
    assert option.rule == f"open_enrollment@2027.1+{NEWER}"
    assert "federal limits" not in option.explanation


def test_the_highest_number_counts(folder: Path) -> None:
    (folder / "parts" / f"{NEWEST}.yaml").write_text(SHIPPED.read_text())
    announce(folder)
    assert Rulebook(laid_over=folder).version("2027.1").laid_over == (NEWEST,)


def test_a_part_that_is_not_newer_than_the_shipped_one_is_passed_over(folder: Path) -> None:
    announce(folder, "open_enrollment.1")  # the one that the pack names
    assert last_day(Rulebook(laid_over=folder).version("2027.1")) == date(2026, 12, 31)


def test_a_pack_of_the_folder_is_read_beside_the_shipped_ones(folder: Path) -> None:
    text = (PACKS / "2027.yaml").read_text()
    text = text.replace('"2027.1"', '"2027.2"').replace("valid_from: 2026-11-01", "valid_from: 2026-12-05")
    (folder / "2027b.yaml").write_text(text)
    book = Rulebook(laid_over=folder)
    assert book.on(date(2026, 12, 5)).version == "2027.2"
    assert book.on(date(2026, 12, 4)).version == "2027.1"


def test_a_wrong_part_is_refused_with_the_place(folder: Path) -> None:
    announce_with_fault(folder, "last_checked: 2026-11-28", "last_checked: yesterday")
    with pytest.raises(BadRulePack, match=r"open_enrollment\.0\.last_checked"):
        Rulebook(laid_over=folder).loaded()


def test_a_part_without_a_number_is_refused_by_its_name(folder: Path) -> None:
    copy(SHIPPED, folder / "parts" / "open_enrollment.yaml")
    with pytest.raises(BadRulePack, match=r"open_enrollment\.yaml"):
        Rulebook(laid_over=folder).loaded()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("parts/open_enrolment.2.yaml", "no pack has a part open_enrolment; there are application, life_events"),
        ("parts/open_enrollment.2.yml", r"let its name end with \.yaml"),
        ("2027b.yml", r"let its name end with \.yaml"),
    ],
)
def test_a_file_that_no_pack_would_take_up_is_refused_by_its_name(folder: Path, name: str, said: str) -> None:
    copy(SHIPPED, folder / name)
    with pytest.raises(BadRulePack, match=said) as refused:
        Rulebook(laid_over=folder).loaded()
    assert name in str(refused.value)


def test_a_day_that_the_calendar_does_not_have_is_refused_with_the_file(folder: Path) -> None:
    announce_with_fault(folder, "last_checked: 2026-11-28", "last_checked: 2026-02-30")
    with pytest.raises(BadRulePack, match=rf"{re.escape(NEWER)}\.yaml cannot be read: day is out of range"):
        Rulebook(laid_over=folder).loaded()


def test_a_key_that_stands_twice_is_still_said(folder: Path) -> None:
    announce(folder)
    part = folder / "parts" / f"{NEWER}.yaml"
    part.write_text(part.read_text() + "open_enrollment: []\n")
    with pytest.raises(BadRulePack, match="'open_enrollment' appears twice"):
        Rulebook(laid_over=folder).loaded()


@pytest.mark.parametrize("parts", ["5", "open_enrollment.1", "[1]", "{open_enrollment.1: yes}", ""])
def test_parts_that_are_no_list_of_names_are_refused(folder: Path, parts: str) -> None:
    pack = folder / "2027b.yaml"
    pack.write_text(f'version: "2027.2"\nparts: {parts}\n')
    for reading in (lambda: read_rule_pack(pack), lambda: Rulebook(laid_over=folder).loaded()):
        with pytest.raises(BadRulePack, match=r"2027b\.yaml: parts has to be a list of names"):
            reading()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRulePack, match="is not a folder"):
        Rulebook(laid_over=tmp_path / "nowhere").loaded()


# -- what a carrier may take or leave

CHANGED = {
    "release_from_incarceration": ("release_from_incarceration", date(2026, 5, 10), date(2026, 5, 20)),
    "medicaid_90_days": ("loss_of_medicaid", date(2026, 3, 1), date(2026, 5, 20)),
    "overlap_of_mid_month_loss": ("loss_of_coverage", date(2026, 6, 10), date(2026, 5, 20)),
    "move_before_the_day": ("permanent_move", date(2026, 6, 10), date(2026, 5, 20)),
}
"""Option -> a life event, its date and the day of selection whose dates it changes."""


def with_option(folder: Path, name: str, taken: bool) -> RulePack:
    path = folder / "2026c.yaml"
    path.write_text((PACKS / "2026.yaml").read_text() + f"takes: {{{name}: {str(taken).lower()}}}\n")
    return read_rule_pack(path)


def dates(pack: RulePack, kind: str, event: date, selected: date) -> list[date]:
    step = GeneralStep(life_events=(LifeEvent(kind, event),))
    return [one.effective_date for one in effective_dates(step, "TX", Circumstances(selected, pack)).options]


@pytest.mark.parametrize(
    ("name", "taken", "left"),
    [
        ("release_from_incarceration", [date(2026, 6, 1)], []),
        ("medicaid_90_days", [date(2026, 6, 1)], []),
        ("overlap_of_mid_month_loss", [date(2026, 7, 1), date(2026, 6, 1)], [date(2026, 7, 1)]),
        ("move_before_the_day", [date(2026, 7, 1)], []),
    ],
)
def test_each_option_of_a_carrier_can_be_taken_and_left(
    folder: Path, name: str, taken: list[date], left: list[date]
) -> None:
    assert dates(with_option(folder, name, True), *CHANGED[name]) == taken
    assert dates(with_option(folder, name, False), *CHANGED[name]) == left


def test_every_option_has_its_reason_and_is_tried_here() -> None:
    for pack in Rulebook().packs:
        assert pack.carrier_options.keys() == CHANGED.keys()
        assert all(option.reason and option.sources for option in pack.carrier_options.values())


def test_the_shipped_packs_take_these_carrier_options() -> None:
    taken = {pack.plan_year: {n for n, o in pack.carrier_options.items() if o.taken} for pack in Rulebook().packs}
    assert taken[2023] == {"release_from_incarceration"}
    assert taken[2024] == taken[2027] == set(CHANGED) - {"move_before_the_day"}


def test_an_option_that_there_is_not_is_refused_by_its_name(folder: Path) -> None:
    with pytest.raises(BadRulePack, match="no_such_option"):
        with_option(folder, "no_such_option", True)


def test_a_change_is_judged_as_a_part_of_the_life_event(folder: Path) -> None:
    part = PACKS / "parts" / "life_events.1.yaml"
    text = part.read_text().replace("change: {days_after: 90}", "change: {days_afterwards: 90}")
    (folder / "parts" / "life_events.1.yaml").write_text(text)
    copy(PACKS / "2026.yaml", folder / "2026.yaml")
    with pytest.raises(BadRulePack, match=r"loss_of_medicaid\.days_afterwards"):
        read_rule_pack(folder / "2026.yaml")


def test_overlap_stands_with_no_event_when_it_is_left(folder: Path) -> None:
    pack = with_option(folder, "overlap_of_mid_month_loss", False)
    assert not [k for k, rule in pack.life_events.items() if StartKind.FIRST_OF_EVENT_MONTH in rule.starts]
