"""Who knows one service finds anything in the others: all five have the packages, files and names of docs/adr/0001."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service_trees import FILES, RULES, Tree

SERVICES = Path(__file__).parents[3] / "services"
NAMES = ("quote", "enrollment", "pcp", "payment", "documents")

ALONE = "is called in this file alone: begin its name with an underscore"
# What a service has or lacks for a reason of its own.
EXCEPTIONS = {
    "pcp: events/incoming.py is missing": "it subscribes to no event",
    "pcp: directory is not in the template": "reads a carrier's provider files",
    "quote: events/incoming.py is missing": "it subscribes to no event",
    "quote: catalogue is not in the template": "reads carriers' rate filings and the files of CMS",
    "quote: census is not in the template": "prices households of a file; brings pyarrow, which nothing else needs",
    "enrollment: rulebook is not in the template": "reads rule packs",
    "enrollment: wire is not in the template": "words of the contract that both contract and remote use",
    f"enrollment: store/application_lists.py: page_query {ALONE}": "benchmarks/enrollment.py shows its query plan",
    f"enrollment: store/deadlines.py: deadline_query {ALONE}": "benchmarks/enrollment.py shows its query plan",
    "payment: page is not in the template": "the hosted payment page, a process of its own",
    "payment: sandbox is not in the template": "the stand-in processor, a process of its own",
    "payment: web.py is not in the template": "what those two processes share",
    "documents: edi is not in the template": "reads carrier profiles of the 834",
    "documents: inspection is not in the template": "reads uploaded files, in a process of its own",
    "documents: typesetting is not in the template": "sets PDFs, in a process of its own",
    "documents: texts is not in the template": "the versioned legal texts",
}


def faults(folder: Path, rule: str) -> list[str]:
    found = (f"{folder.name}: {fault}" for fault in RULES[rule](Tree(folder)))
    return [fault for fault in found if fault not in EXCEPTIONS]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("service", NAMES)
def test_a_service_follows_the_template(service: str, rule: str) -> None:
    found = faults(SERVICES / service, rule)
    assert not found, "\n".join(found)


def test_every_exception_is_still_needed() -> None:
    found = {f"{name}: {fault}" for name in NAMES for rule in RULES.values() for fault in rule(Tree(SERVICES / name))}
    assert set(EXCEPTIONS) <= found
    assert all(EXCEPTIONS.values())


CONTRACT = """
@dataclass(frozen=True, slots=True)
class UseCases:
    read_thing: ReadThing

class SampleContract(Contract): ...
"""
ACT = """\"\"\"Use case: read a thing.\"\"\"
@dataclass(frozen=True, slots=True)
class ReadThing:
    def __call__(self) -> None: ...
"""
WHOLE = {
    **dict.fromkeys(FILES, ""),
    "__main__.py": "UseCases(ReadThing())",
    "settings.py": "class SampleSettings: ...",
    "contract/service.py": CONTRACT,
    "usecases/read_thing.py": ACT,
    "usecases/ports.py": "class SampleUnitOfWork(UnitOfWork, Protocol): ...",
    "store/work.py": "class UnitOfWork: ...",
    "usecases/users.py": "from services.sample.store.tables import count\nfrom services.sample.store.work import load",
    "store/things.py": "class ThingRepository:\n    def __init__(self, session: Session) -> None: ...",
}


def sample(folder: Path, changed: dict[str, str | None]) -> Path:
    """A service by the template; ``changed`` says which of its files hold something else, or are not there."""
    for name, content in {**WHOLE, **changed}.items():
        if content is not None:
            path = folder / "sample" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
    return folder / "sample"


def test_a_tree_by_the_template_has_no_fault(tmp_path: Path) -> None:
    folder = sample(tmp_path, {})
    assert [fault for rule in RULES for fault in faults(folder, rule)] == []


ALLOWED = {
    "usecases/read_thing.py": f"""{ACT}
@dataclass(frozen=True)
class Request:
    name: str

    @property
    def initial(self) -> str: ...

class Things(Protocol):
    def find(self) -> None: ...

def find() -> None: ...

def _sort() -> None: ...
""",
    "usecases/read_more.py": "from services.sample.usecases.read_thing import find",
    "store/rows.py": "def to_row() -> None: ...\ndef copy(session: Session) -> None: ...",
    "store/more.py": "from services.sample.store import rows\nrows.copy(rows.to_row())",
    "store/mine.py": "from services.sample.store.rows import to_row",
    "usecases/users.py": "",
    "store/work.py": "class UnitOfWork: ...\ndef load(database: Database) -> None: ...",
    "commands/seed.py": "from services.sample.store.work import load",
}


def test_what_the_template_allows_besides_has_no_fault(tmp_path: Path) -> None:
    folder = sample(tmp_path, {**ALLOWED})
    assert [fault for rule in RULES for fault in faults(folder, rule)] == []


@pytest.mark.parametrize(
    ("rule", "name", "content", "fault"),
    [
        ("files", "events/outgoing.py", None, "events/outgoing.py is missing"),
        ("packages", "importing.py", "", "importing.py is not in the template"),
        ("packages", "extra/__init__.py", "", "extra is not in the template"),
        ("use cases", "usecases/read_thing.py", ACT.replace("frozen=True, ", ""), "ReadThing is no frozen dataclass"),
        ("use cases", "usecases/read_other.py", ACT, "is not ReadOther: ReadThing"),
        ("use cases", "usecases/read_all.py", '"""Use case: read all."""', "is not ReadAll: none"),
        ("use cases", "usecases/read_thing.py", ACT.replace("Use case: ", ""), 'begins with "Use case:"'),
        (
            "use cases",
            "usecases/read_thing.py",
            f"{ACT}    def again(self) -> None: ...",
            "ReadThing does more than one thing: again",
        ),
        (
            "use cases",
            "usecases/read_thing.py",
            f"{ACT}class Helper:\n    def help(self) -> None: ...",
            "Helper is no Protocol and no frozen dataclass without methods: move it to a module of its own",
        ),
        (
            "use cases",
            "usecases/read_thing.py",
            f"{ACT}@dataclass(frozen=True)\nclass Request:\n    def check(self) -> None: ...",
            "Request is no Protocol and no frozen dataclass without methods",
        ),
        ("use cases", "usecases/read_thing.py", f"{ACT}def find() -> None: ...", f"find {ALONE}"),
        ("composition", "contract/service.py", "class SampleContract: ...", "no frozen dataclass UseCases"),
        ("composition", "contract/service.py", CONTRACT.replace("SampleC", "C"), "has no SampleContract"),
        ("composition", "contract/service.py", CONTRACT.replace("read_thing:", "reader:"), "UseCases.reader"),
        ("composition", "__main__.py", "", "__main__.py does not build UseCases"),
        ("commands", "__main__.py", "Service(seed=seed, commands={'import': load})", "seed, import only 0 come"),
        ("settings", "settings.py", "", "settings.py has no SampleSettings"),
        ("repositories", "store/things.py", WHOLE["store/things.py"].replace("ThingRepository", "StoredThings"), "St"),
        ("repositories", "store/more.py", "class Things:\n    session: Session | None", "Things is not called"),
        ("repositories", "store/more.py", "class Things:\n    connection: Connection", "Things is not called"),
        ("store functions", "store/more.py", "def add(session: Session) -> None: ...", f"add {ALONE}"),
        (
            "store functions",
            "store/tables.py",
            "def count() -> int: ...",
            "count is called outside of store: make it a method of a repository behind a port",
        ),
        (
            "store functions",
            "store/work.py",
            "def load(database: Database) -> None: ...",
            "load takes a Database, which is for __main__.py and commands: take the Session",
        ),
        ("unit of work", "usecases/ports.py", "class SampleUnitOfWork(Protocol): ...", "UnitOfWork, Protocol"),
        ("unit of work", "store/work.py", "class SampleWork: ...", "store/work.py: UnitOfWork is missing"),
    ],
)
def test_a_tree_that_differs_is_told(tmp_path: Path, rule: str, name: str, content: str | None, fault: str) -> None:
    found = faults(sample(tmp_path, {name: content}), rule)
    assert len(found) == 1, found
    assert fault in found[0]
