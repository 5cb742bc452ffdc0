"""Which states are served is data (docs/adr/0024): code names a state as an example or a fact of the nation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.market_file import read_markets
from chassis.settings import MARKETS

ROOT = Path(__file__).parents[2]
FOLDERS = ("chassis", "services", "gateway", "portal", "deploy", "benchmarks", "docs")
HEALTHY = "ok is the answer of a process that is healthy"
# How many times a file may name one, and why it may.
ALLOWED = {
    "chassis/bus/worker.py": (1, "OK is a status of gRPC"),
    "chassis/rpc/server.py": (1, "OK is a status of gRPC"),
    "chassis/kernel/zip_prefixes.py": (5, "the ZIP codes of every state of the nation"),
    "chassis/health.py": (1, HEALTHY),
    "gateway/edge/health.py": (1, HEALTHY),
    "services/payment/page/app.py": (2, HEALTHY),
    "services/payment/sandbox/app.py": (1, HEALTHY),
    "deploy/local/demo/__main__.py": (1, "ok is a step of the demo that went well"),
    "services/enrollment/domain/checks/addresses.py": (1, "an example in a sentence"),
    "services/enrollment/rulebook/strict.py": (1, "an example in a sentence"),
    "services/quote/data/illustrative/generate.py": (34, "made-up plans of five states; its docstring says so"),
    "services/pcp/directory/cities.py": (1, "mt is a short form of mount"),
    "services/pcp/data/illustrative/generate.py": (46, "made-up doctors of five states; its docstring says so"),
    "gateway/api/openapi_examples.py": (9, "made-up requests to copy"),
    "gateway/commands/seed.py": (7, "demo numbers of five states; it makes one up for each other state"),
    "deploy/local/demo/journey.py": (1, "the demo's household lives in one state"),
    "services/documents/domain/edi/segments.py": (2, "NM1 and IL are words of X12"),
    "benchmarks/directory_sample.py": (5, "made-up doctors of five states"),
    "benchmarks/enrollment_samples.py": (4, "made-up applications of one state"),
    "benchmarks/http.py": (1, "a made-up request"),
    "benchmarks/sample_catalogues.py": (2, "a made-up catalogue of one county"),
}


SERVED = read_markets(MARKETS).by_state
CODES = "|".join(SERVED)
WORDS = "|".join(
    re.escape(word) for one in SERVED.values() for word in (one.name, one.carrier.issuer_id, one.carrier.name)
)
# A served state as a word or in a plan id, its name, its carrier's number and name; in any case.
STATE = re.compile(rf"(?<![a-z])(?:{CODES})(?![a-z])|\b\d{{5}}(?:{CODES})|{WORDS}", re.IGNORECASE)
# Where "ok" and "OK" are words of their own: names of variables (``exist_ok``), and pages.
BUT_OK = "|".join(code for code in SERVED if code != "OK")
NAMES = "|".join(one.name.replace(" ", "_?") for one in SERVED.values())
IDENTIFIER = re.compile(rf"(?<![a-z])(?:{BUT_OK})(?![a-z])|{NAMES}", re.IGNORECASE)
# On a page a code in capitals or quotes, since "mt-2" is a class of a style.
PROSE = re.compile(
    rf"(?<![A-Za-z])(?:{BUT_OK})(?![A-Za-z])|\b\d{{5}}(?:{CODES})"
    rf"|[\"'](?:{CODES}|(?i:{BUT_OK}))[\"']|(?i:{WORDS})"
)
TEMPLATES = {".html", ".js", ".css", ".svg", ".typ"}
COMMENTS = {
    ".html": r"(?s)\{#.*?#\}|<!--.*?-->",
    ".svg": r"(?s)<!--.*?-->",
    ".css": r"(?s)/\*.*?\*/",
    ".js": r"(?s)/\*.*?\*/|(?<!:)//[^\n]*",
    ".typ": r"(?s)/\*.*?\*/|(?<!:)//[^\n]*",
}


def constants(tree: ast.Module) -> Iterator[str]:
    """Every text in the code but docstrings and comments."""
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in prose:
            if isinstance(node.value, str):
                yield node.value
            elif isinstance(node.value, bytes):
                yield node.value.decode("latin-1")


def identifiers(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        for attribute in ("id", "attr", "name", "arg"):
            if isinstance(name := getattr(node, attribute, None), str):
                yield name


def count_states(source: str) -> int:
    tree = ast.parse(source)
    found = sum(bool(STATE.search(text)) for text in constants(tree))
    return found + sum(bool(IDENTIFIER.search(name)) for name in identifiers(tree))


def lines_with_states(content: str, suffix: str) -> list[str]:
    """Lines of a template that name a state outside of comments."""
    own = re.sub(COMMENTS[suffix], "", content)
    return [line.strip() for line in own.splitlines() if PROSE.search(line)]


def test_code_names_states_only_where_a_reason_is_written_down() -> None:
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    found = {str(path.relative_to(ROOT)): count_states(path.read_text()) for path in sorted(files)}
    counted = {path: count for path, count in found.items() if count}
    assert counted == {path: count for path, (count, _) in ALLOWED.items()}, (
        "read the states from the market registry (chassis.kernel.get_markets); for an example, add the reason here"
    )


def templates() -> list[Path]:
    found = [path for folder in ("gateway", "services") for path in sorted((ROOT / folder).rglob("*"))]
    return [path for path in found if path.suffix in TEMPLATES and "vendor" not in path.parts]


def test_pages_styles_and_templates_name_no_state() -> None:
    named = {str(path.relative_to(ROOT)): lines_with_states(path.read_text(), path.suffix) for path in templates()}
    assert {Path(path).parts[:2] for path in named} >= {("gateway", "templates"), ("services", "payment")}
    found = {path: lines for path, lines in named.items() if lines}
    assert not found, f"let the page get the state, its name or carrier from the market registry: {found}"


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        ("<p>Plans in Texas</p>", ".html"),
        ("<p>plans of illinois</p>", ".html"),
        ("<p>Is your home in TX?</p>", ".html"),
        ("{% if state == 'OK' %}", ".html"),
        ('<option value="nm">', ".html"),
        ("const plan = '87571OK0010001'", ".js"),
        ("/* a comment */ const states = ['IL']", ".js"),
        ('#if state == "OK" [Oklahoma]', ".typ"),
        ("<text>Blue Cross and Blue Shield of Montana</text>", ".svg"),
    ],
)
def test_a_template_that_names_a_state_is_told(content: str, suffix: str) -> None:
    assert lines_with_states(content, suffix) == [content.replace("/* a comment */ ", "")]


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        ("<button>OK</button>", ".html"),
        ("<p>It is OK to leave this empty.</p>", ".html"),
        ("if (answer.status === 'ok') close()", ".js"),
        ("{# Texas asks for this #}<p>12 points</p>", ".html"),
        ("size: 12pt // Texas asks for this", ".typ"),
        (".tx-large { color: #0a5; }", ".css"),
        ("<p>mt-2 til tilt htx</p>", ".html"),
    ],
)
def test_comments_and_other_words_of_a_template_are_passed_over(content: str, suffix: str) -> None:
    assert lines_with_states(content, suffix) == []


@pytest.mark.parametrize(
    "line",
    [
        'STATES = ("TX",)',
        "STATES = 'IL MT NM'.split()",
        'if plan.state == "OK": ...',
        "check = \"state in ('IL', 'MT')\"",
        'plan = "36096IL9900001-00"',
        'f"Call {name} of Texas"',
        'issuer = "33602"',
        'if state == "il": ...',
        'name = "rates_tx.csv"',
        "if line.startswith(b'TX'): ...",
        'if name.lower() == "new mexico": ...',
        'f"Call {name} of TEXAS"',
        'plan = "36096il9900001-00"',
        "def charge_texas(): ...",
        "class NewMexicoRule: ...",
        "is_il = state.is_one",
    ],
)
def test_constant_of_a_state_is_seen(line: str) -> None:
    assert count_states(line) == 1


@pytest.mark.parametrize(
    "line",
    [
        '"""Texas has 27."""',
        "# IL",
        'x = "TOKEN"',
        'x = "MTX"',
        'x = "state"',
        'x = b"token"',
        'x = "filter until"',
        "f(exist_ok=is_ok)",
    ],
)
def test_prose_and_other_words_are_passed_over(line: str) -> None:
    assert count_states(line) == 0
