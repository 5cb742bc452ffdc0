"""What the documents say about the code, and the code about the documents, is there."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.relay import load_events
from docs import generate_rules
from docs.generate_events import TARGET, events, read_protos, render
from services.enrollment.rulebook import Rulebook

ROOT = Path(__file__).parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
SOURCES = [
    path
    for folder in ("chassis", "services", "gateway", "portal", "protos", "deploy", "docs", "benchmarks", "tests")
    for path in ROOT.glob(f"{folder}/**/*")
    if path.suffix in (".py", ".proto", ".yaml") and "static" not in path.parts
]

# New packs, which the steps of a page create.
MADE_BY_THE_READER = {f"services/enrollment/domain/rules/{name}.yaml" for name in ("2027b", "2029")}


def test_the_event_catalogue_is_what_the_protos_say() -> None:
    assert TARGET.read_text() == render(), "run .venv/bin/python docs/generate_events.py"


def test_the_tables_of_the_rules_are_what_the_rule_packs_say() -> None:
    page = generate_rules.TARGET.read_text()
    assert page == generate_rules.render(page), "run .venv/bin/python docs/generate_rules.py"
    stale = page.replace("| Birth | `birth` | 0 / 60 |", "| Birth | `birth` | 0 / 61 |")
    assert stale != page == generate_rules.render(stale)


@pytest.mark.parametrize("name", ["events", "rules"])
def test_the_generator_that_a_page_names_writes_that_page(name: str, tmp_path: Path) -> None:
    page, written = ROOT / "docs" / "reference" / f"{name}.md", tmp_path / f"{name}.md"
    written.write_text(page.read_text())
    subprocess.run([sys.executable, ROOT / "docs" / f"generate_{name}.py", written], check=True, timeout=60)
    assert written.read_text() == page.read_text()


def test_a_page_that_lost_the_marker_of_a_table_is_refused() -> None:
    page = generate_rules.TARGET.read_text().replace("<!-- life events: generated -->", "")
    with pytest.raises(ValueError, match="life events"):
        generate_rules.render(page)


def test_the_rule_packs_name_sources_that_are_listed() -> None:
    listed = set(re.findall(r"\bS\d+\b", generate_rules.TARGET.read_text().partition("## Sources")[2]))
    named = {source for pack in Rulebook().packs for rule in pack.life_events.values() for source in rule.sources}
    assert named <= listed | {"K"}
    assert named > {"K"}


def test_every_message_of_an_events_file_names_its_wire_type() -> None:
    found = read_protos()
    named = {name.rsplit(".", 1)[1] for _, _, name in events(found)}
    in_comments = {event_type: name.lstrip(".") for event_type, _, name in events(found)}
    services = {event_type.partition(".")[0] for event_type in in_comments}
    in_options = {one: event.message for service in services for one, event in load_events(service).items()}
    assert in_comments == in_options
    for file in ROOT.glob("protos/suite/*/v1/*_events.proto"):
        messages = set(re.findall(r"^message (\w+)", file.read_text(), re.MULTILINE))
        assert messages - named <= {"SubmittedPlan"}, f"{file.name} has a message that is no event"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_page_that_a_link_leads_to_exists(page: Path) -> None:
    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    assert list(find_missing_paths(page.read_text())) == []


def test_a_file_that_does_not_exist_is_found() -> None:
    page = "See `chassis/bounds.py`, `docs/`, `services/<service>/settings.py` and `services/quote/gone.py`."
    assert list(find_missing_paths(page)) == ["services/quote/gone.py"]


def find_missing_paths(page: str) -> Iterator[str]:
    """Of the commands and the words between backticks of a page: paths from the top that lead nowhere.

    A path with a placeholder or a pattern (``<service>``, ``*``, ``{a,b}``) names no single file and is left out.
    """
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    for block, quoted in re.findall(r"```(.*?)```|`([^`]+)`", page, re.DOTALL):
        for word in (word.rstrip(".,:;") for word in (block or quoted).split()):
            is_path = re.fullmatch(r"[\w.-]+(/[\w.-]+)+/?", word) and word.partition("/")[0] in folders
            if is_path and word not in MADE_BY_THE_READER and not (ROOT / word).exists():
                yield word


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", page.read_text())) <= targets


def test_every_picture_that_a_page_shows_exists() -> None:
    for page in PAGES:
        for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} shows {target}"


@pytest.mark.parametrize("name", ["rules", "reliability"])
def test_every_section_that_code_cites_exists(name: str) -> None:
    headings = set(re.findall(r"^#+ (\d+(?:\.\d+)?)", (ROOT / f"docs/reference/{name}.md").read_text(), re.MULTILINE))
    cited = {
        section
        for path in SOURCES
        for section in re.findall(rf"\b{name}\.md (?:section )?(\d+(?:\.\d+)?)\b", path.read_text())
    }
    assert cited <= headings
    assert cited, "nobody cites it: the pattern is wrong"


def test_every_source_and_requirement_that_code_cites_exists() -> None:
    listed = (ROOT / "docs/reference/rules.md").read_text().partition("## Sources")[2]
    sources = set(re.findall(r"\bS\d+\b", listed))
    known = set(re.findall(r"^\| (R\d+a?b?) ", (ROOT / "docs/reference/requirements.md").read_text(), re.MULTILINE))
    for path in SOURCES:
        text = path.read_text()
        for section in re.findall(r"rules\.md (?:section )?\d+, (S\d+)", text):
            assert section in sources, f"{path} cites {section}"
        for requirement in re.findall(r'rule="(R\d+[ab]?)"', text):
            assert requirement in known, f"{path} cites {requirement}"


def test_every_decision_record_that_code_cites_exists_and_is_listed() -> None:
    records = {path.name[:4] for path in ROOT.glob("docs/adr/0*.md")}
    cited = {number for path in SOURCES for number in re.findall(r"docs/adr/(\d{4})", path.read_text())}
    listed = set(re.findall(r"\[(\d{4})\]", (ROOT / "docs/adr/README.md").read_text()))
    assert cited <= records
    assert listed == records
