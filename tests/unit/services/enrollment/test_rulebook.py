"""Rule packs are validated when they are read, and chosen by the day on which an application starts."""

import base64
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree
from types import SimpleNamespace
from typing import cast

import pytest
from pydantic import SecretStr

import services.enrollment.__main__ as enrollment
from chassis.db import Database
from chassis.kernel import FixedClock, get_markets
from chassis.service import Runtime
from services.enrollment.domain.enums import FormType
from services.enrollment.domain.identifiers import Identifiers
from services.enrollment.rulebook import PACKS, BadRulePack, Rulebook, read_rule_pack
from services.enrollment.settings import EnrollmentSettings
from services.quote.domain.exchange import exchange_target

BOOK = Rulebook()


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A copy of all packs, to spoil."""
    return copytree(PACKS, tmp_path / "rules")


def spoil(packs: Path, file: str, right: str, wrong: str) -> None:
    text = (packs / file).read_text()
    assert right in text
    (packs / file).write_text(text.replace(right, wrong, 1))


@pytest.mark.parametrize(
    ("file", "right", "wrong", "names"),
    [
        ("parts/application.1.yaml", "expiry_days: 90", "expiry_days: 0", "expiry_days"),
        ("parts/application.1.yaml", "  proxy: {title", "  praxis: {title", "praxis"),
        ("parts/application.1.yaml", "states: [TX]", "states: [TE]", "no state TE"),
        ("parts/application.1.yaml", "digits: 3", "digits: three", "digits"),
        ("parts/application.1.yaml", "2026: {self_only: 6450", "2026: {self_only: 0", "qsehra_caps.2026.self_only"),
        ("parts/application.1.yaml", "child: Child, ", "", "nothing on child"),
        ("parts/application.1.yaml", "[hhs-4302-2011]", "[hhs-4302-2012]", "hhs-4302-2012"),
        ("parts/life_events.1.yaml", "days_after: 60", "days_afterwards: 60", "life_events.birth"),
        ("parts/life_events.1.yaml", "    days_after: 60\n", "", "says days_before, days_after"),
        ("parts/life_events.1.yaml", "starts: [date_of_event", "starts: [date_of_whatever", "birth.starts.0"),
        ("parts/life_events.1.yaml", "proofs: [birth_certificate]", "proofs: [stork]", "nothing on stork"),
        ("parts/life_events.1.yaml", "    sources: [S19, S20]\n", "", "birth.sources"),
        ("parts/life_events.1.yaml", "  adoption:\n", "  birth:\n", "'birth' appears twice"),
        (
            "parts/life_events.1.yaml",
            "off_exchange: false\n    hint: The exchange alone",
            "starts: [date_of_event]\n    hint: The exchange alone",
            "life_events.citizenship",
        ),
        ("parts/open_enrollment.1.yaml", "last_day: 2026-01-15", "last_day: 2026-01-16", "open_enrollment"),
        ("parts/open_enrollment.1.yaml", "first_day: 2025-11-01", "first_day: 2025-01-01", "overlaps"),
        ("parts/open_enrollment.1.yaml", "effective_date: 2026-02-01", "effective_date: 2027-02-01", "plan year"),
        ("parts/open_enrollment.1.yaml", "{state: TX, from_plan_year: 2014", "{state: TX, from_plan_year: 2040", "TX"),
        ("2026.yaml", "valid_from: 2025-11-01", "valid_from: soon", "valid_from"),
        ("2026.yaml", 'version: "2026.1"', 'version: "2025.1"', "begins with the plan year"),
        ("2026.yaml", "life_events.1,", "life_events.9,", "life_events.9"),
        ("2026.yaml", "plan_year: 2026", "plan_year: [2026", "cannot be read"),
    ],
)
def test_a_wrong_pack_is_refused_and_the_place_named(
    packs: Path, file: str, right: str, wrong: str, names: str
) -> None:
    spoil(packs, file, right, wrong)
    with pytest.raises(BadRulePack, match=names):
        read_rule_pack(packs / "2026.yaml")


@pytest.mark.parametrize("same", ["version", "valid_from"])
def test_two_packs_of_one_version_or_day_are_refused(packs: Path, same: str) -> None:
    text = (packs / "2027.yaml").read_text()
    other = text.replace('"2027.1"', '"2027.2"') if same == "valid_from" else text.replace("2026-11-01", "2026-12-01")
    (packs / "2027b.yaml").write_text(other)
    with pytest.raises(BadRulePack, match=same):
        Rulebook(packs).loaded()


def test_a_wrong_pack_stops_the_process(packs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the packs as they are, the same service is built."""
    key = base64.b64encode(bytes(32)).decode()
    settings = EnrollmentSettings(
        database_url=SecretStr("postgresql://nobody@127.0.0.1:1/none"),
        identity_key=SecretStr("unused"),
        field_key=SecretStr(key),
        index_key=SecretStr(key),
    )
    database = Database(settings.database_url.get_secret_value())  # connects when it is first used
    outside = SimpleNamespace(
        settings=lambda _: settings,
        database=database,
        clock=FixedClock.at("2026-05-20"),
        bus=None,
        page_tokens=None,
        derive_key=lambda _: bytes(32),
    )
    monkeypatch.setattr(enrollment, "Rulebook", lambda laid_over: Rulebook(packs, laid_over))
    assert enrollment.build(cast(Runtime, outside)).contract
    spoil(packs, "parts/application.1.yaml", "tobacco_age: 21", "tobacco_age: 0")
    with pytest.raises(BadRulePack, match="tobacco_age"):
        enrollment.build(cast(Runtime, outside))


def test_no_pack_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRulePack, match="no rule pack"):
        Rulebook(tmp_path).loaded()


def test_two_parts_cannot_say_the_same(packs: Path) -> None:
    (packs / "parts" / "more.1.yaml").write_text("tobacco_age: 18\n")
    spoil(packs, "2026.yaml", "application.1]", "application.1, more.1]")
    with pytest.raises(BadRulePack, match="tobacco_age"):
        read_rule_pack(packs / "2026.yaml")


def test_a_pack_replaces_single_entries_of_its_parts() -> None:
    assert BOOK.version("2023.1").life_events["loss_of_medicaid"].days_after == 60
    assert BOOK.version("2024.1").life_events["loss_of_medicaid"].days_after == 90
    assert len(BOOK.version("2023.1").life_events) == len(BOOK.version("2024.1").life_events)


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2020, 1, 1), "2022.1"),
        (date(2022, 10, 31), "2022.1"),
        (date(2022, 11, 1), "2023.1"),
        (date(2026, 10, 31), "2026.1"),
        (date(2026, 11, 1), "2027.1"),
        (date(2035, 1, 1), BOOK.packs[-1].version),
    ],
)
def test_the_day_on_which_an_application_starts_chooses_the_pack(day: date, version: str) -> None:
    assert BOOK.on(day).version == version


def test_a_pack_keeps_judging_what_it_began() -> None:
    assert BOOK.version("2026.1").valid_from == date(2025, 11, 1)
    with pytest.raises(LookupError, match=r"2019\.1"):
        BOOK.version("2019.1")


@pytest.mark.parametrize("plan_year", [pack.plan_year for pack in BOOK.packs])
@pytest.mark.parametrize("state", sorted(get_markets().states))
def test_every_state_has_its_window_in_every_plan_year(state: str, plan_year: int) -> None:
    """rules.md 2."""
    pack = BOOK.version(f"{plan_year}.1")
    window = pack.window_on(state, date(plan_year - 1, 11, 1))
    assert window and window.plan_year == plan_year
    last = {"late": date(plan_year, 1, 15), "federal": date(plan_year - 1, 12, 15), "own": date(plan_year - 1, 12, 31)}
    rule = "late" if plan_year < 2027 else "own" if state in ("IL", "NM") else "federal"
    moved_end, moved_cut = MOVED.get((state, plan_year), (None, None))
    assert window.last_day == (moved_end or last[rule])
    assert window.effective_date(date(plan_year - 1, 12, 15)) == date(plan_year, 1, 1)
    if rule == "late":
        after_the_cut = (moved_cut or date(plan_year - 1, 12, 15)) + timedelta(days=1)
        assert window.effective_date(after_the_cut) == date(plan_year, 2, 1)


# The window's end, and the last day for 1 January, where they were moved in the middle of a season.
MOVED: dict[tuple[str, int], tuple[date | None, date | None]] = {
    ("NM", 2024): (None, date(2023, 12, 31)),
    ("IL", 2026): (date(2026, 1, 31), date(2025, 12, 31)),
    **{(state, 2025): (None, date(2024, 12, 18)) for state in ("IL", "MT", "OK", "TX")},
}


@pytest.mark.parametrize("plan_year", [pack.plan_year for pack in BOOK.packs])
@pytest.mark.parametrize("state", sorted(get_markets().states))
def test_enrollment_and_quote_name_the_same_exchange(state: str, plan_year: int) -> None:
    assert BOOK.version(f"{plan_year}.1").exchange(state).target == exchange_target(state, plan_year)


def test_coverage_replacement_shows_unless_a_pack_hides_it(packs: Path) -> None:
    assert BOOK.version("2026.1").shows_coverage_replacement("MT", FormType.DENTAL)
    spoil(packs, "parts/application.1.yaml", "  dental: []\n", "  dental: [MT]\n")
    pack = read_rule_pack(packs / "2026.yaml")
    assert not pack.shows_coverage_replacement("MT", FormType.DENTAL)
    assert pack.shows_coverage_replacement("IL", FormType.DENTAL)


def test_a_state_of_its_own_goes_before_the_rest() -> None:
    pack = BOOK.version("2026.1")
    assert pack.identifier("medical_group_id", "IL").digits == 3
    assert pack.identifier("medical_group_id", "TX").digits is None


def test_every_scheme_file_can_be_offered(packs: Path) -> None:
    spoil(packs, "parts/application.1.yaml", "[hhs-4302-2011]", "[hhs-4302-2011, omb-spd15-2024]")
    both = read_rule_pack(packs / "2026.yaml").identity_schemes
    assert [scheme.scheme for scheme in both] == ["hhs-4302-2011", "omb-spd15-2024"]
    assert (len(both[0].ethnicities), len(both[0].identities)) == (6, 15)


def test_the_cap_of_a_year_to_come_is_the_last_one_known() -> None:
    pack = BOOK.version("2026.1")
    caps = [pack.qsehra_cap(year) for year in (2023, 2025, 2030)]
    assert [cap and str(cap.self_only) for cap in caps] == [None, "6350.00", "6450.00"]


def test_record_numbers_have_four_digits_and_go_on_past_them() -> None:
    assert (Identifiers(638).record_number, Identifiers(638).client_app_id) == ("A-0638", 1243)
    assert Identifiers(12345).record_number == "A-12345"
