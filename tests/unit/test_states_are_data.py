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
# How many times a file may name one, and why it may.
ALLOWED = {
    "chassis/bus/worker.py": (1, "OK is a status of gRPC"),
    "chassis/rpc/server.py": (1, "OK is a status of gRPC"),
    "chassis/kernel/zip_prefixes.py": (5, "the ZIP codes of every state of the nation"),
    "services/enrollment/domain/checks/addresses.py": (1, "an example in a sentence"),
    "services/enrollment/rulebook/strict.py": (1, "an example in a sentence"),
    "services/quote/data/illustrative/generate.py": (34, "made-up plans of five states; its docstring says so"),
    "services/pcp/data/illustrative/generate.py": (36, "made-up doctors of five states; its docstring says so"),
    "gateway/api/openapi_examples.py": (7, "made-up requests to copy"),
    "gateway/commands/seed.py": (7, "demo numbers of five states; it makes one up for each other state"),
    "deploy/local/demo/journey.py": (1, "the demo's household lives in one state"),
    "benchmarks/enrollment_samples.py": (4, "made-up applications of one state"),
    "benchmarks/http.py": (1, "a made-up request"),
    "benchmarks/sample_catalogues.py": (2, "a made-up catalogue of one county"),
}


def pattern() -> re.Pattern[str]:
    """A served state as a word or in a plan id, its name, its carrier's number and name."""
    served = read_markets(MARKETS).by_state
    codes = "|".join(served)
    words = [word for one in served.values() for word in (one.name, one.carrier.issuer_id, one.carrier.name)]
    return re.compile(rf"(?<![A-Za-z])(?:{codes})(?![A-Za-z])|\b\d{{5}}(?:{codes})|{'|'.join(map(re.escape, words))}")


def constants(source: str) -> Iterator[str]:
    """Every text in the code but docstrings and comments."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


def count_states(source: str) -> int:
    return sum(bool(STATE.search(text)) for text in constants(source))


STATE = pattern()


def test_code_names_states_only_where_a_reason_is_written_down() -> None:
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    found = {str(path.relative_to(ROOT)): count_states(path.read_text()) for path in sorted(files)}
    counted = {path: count for path, count in found.items() if count}
    assert counted == {path: count for path, (count, _) in ALLOWED.items()}, (
        "read the states from the market registry (chassis.kernel.get_markets); for an example, add the reason here"
    )


def test_pages_styles_and_templates_name_no_state() -> None:
    quoted = re.compile(rf"[\"'](?:{'|'.join(read_markets(MARKETS).by_state)})[\"']")
    roots = (ROOT / "gateway/templates", ROOT / "gateway/static", ROOT / "services/documents/typesetting/templates")
    files = [path for root in roots for path in root.rglob("*") if path.suffix in {".html", ".js", ".css", ".typ"}]
    assert files
    own = [path for path in files if "vendor" not in path.parts]
    assert not [str(path.relative_to(ROOT)) for path in own if quoted.search(path.read_text())]


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
    ],
)
def test_constant_of_a_state_is_seen(line: str) -> None:
    assert count_states(line) == 1


@pytest.mark.parametrize("line", ['"""Texas has 27."""', "# IL", 'x = "TOKEN"', 'x = "MTX"', 'x = "state"'])
def test_prose_and_other_words_are_passed_over(line: str) -> None:
    assert count_states(line) == 0
