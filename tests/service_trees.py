"""Holds the folder of a service against the template of docs/adr/0001, by its files and syntax trees alone.

Each rule gives the sentences of what does not follow it, each beginning with the file; none means that all is well.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

FILES = (
    "__init__.py",
    "__main__.py",
    "settings.py",
    "contract/__init__.py",
    "contract/service.py",
    "domain/__init__.py",
    "events/__init__.py",
    "events/incoming.py",
    "events/outgoing.py",
    "store/__init__.py",
    "store/migrations",
    "store/tables.py",
    "store/work.py",
    "usecases/__init__.py",
    "usecases/ports.py",
)
# Packages that a service has where it needs them: calls to other services, commands of the operator, files to load.
OPTIONAL = ("remote", "commands", "data")
CONNECTIONS = {"Session", "Database", "Connection", "Engine"}
NO_ACTS = ("__init__.py", "ports.py")


@dataclass(frozen=True)
class Tree:
    """The folder of one service."""

    folder: Path

    @property
    def prefix(self) -> str:
        """ "Quote" of ``services/quote``: how the names of its classes begin."""
        return self.folder.name.capitalize()

    @cached_property
    def use_cases(self) -> dict[str, ast.Module]:
        found = sorted((self.folder / "usecases").rglob("*.py"))
        return {self.name_of(path): parse(path) for path in found if path.name not in NO_ACTS}

    @cached_property
    def uses(self) -> dict[str, set[str]]:
        """Of each file the full names that it imports, and "module.name" where it reads a name of a module."""
        return {self.name_of(path): set(_used_names(parse(path))) for path in sorted(self.folder.rglob("*.py"))}

    def users_of(self, file: str, function: str) -> list[str]:
        """The other files that import the function, or read it from its module."""
        package = ".".join(("services", self.folder.name, *Path(file).parent.parts))
        names = {f"{package}.{Path(file).stem}.{function}", f"{Path(file).stem}.{function}"}
        return [name for name, used in self.uses.items() if name != file and used & names]

    def name_of(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def classes(self, name: str) -> dict[str, ast.ClassDef]:
        path = self.folder / name
        return {one.name: one for one in parse(path).body if isinstance(one, ast.ClassDef)} if path.exists() else {}


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def missing_files(tree: Tree) -> Iterator[str]:
    yield from (f"{name} is missing" for name in FILES if not (tree.folder / name).exists())


def other_packages(tree: Tree) -> Iterator[str]:
    known = {name.partition("/")[0] for name in FILES} | set(OPTIONAL)
    for path in sorted(tree.folder.iterdir()):
        if path.name != "__pycache__" and path.name not in known:
            yield f"{path.name} is not in the template"


def use_case_files(tree: Tree) -> Iterator[str]:
    """One act a file, named like its class: a frozen dataclass that is called.

    Beside it stand what it takes and answers, the Protocols that it alone needs, and functions that others call too.
    """
    for name, module in tree.use_cases.items():
        acts = [one for one in _public_classes(module) if "__call__" in _methods(one) and not _is_port(one)]
        is_said = (ast.get_docstring(module) or "").startswith("Use case:")
        if is_said or acts:
            yield from (f"{name}: {fault}" for fault in _faults_of_act(Path(name).stem, acts, is_said))
            yield from (f"{name}: {fault}" for fault in _beside_the_act(module, acts))
            yield from (
                f"{name}: {one} is called in this file alone: begin its name with an underscore"
                for one in _public_functions(module)
                if not tree.users_of(name, one)
            )


def _faults_of_act(stem: str, acts: list[ast.ClassDef], is_said: bool) -> Iterator[str]:
    if not is_said:
        yield 'the docstring of a use case begins with "Use case:"'
    if [act.name for act in acts] != [camel_case(stem)]:
        found = ", ".join(act.name for act in acts) or "none"
        yield f"the one class with __call__ is not {camel_case(stem)}: {found}"
    for act in acts:
        if not _is_frozen_dataclass(act):
            yield f"{act.name} is no frozen dataclass"
        if others := [method for method in _methods(act) if not method.startswith("_")]:
            yield f"{act.name} does more than one thing: {', '.join(others)}"


def _beside_the_act(module: ast.Module, acts: list[ast.ClassDef]) -> Iterator[str]:
    for one in _public_classes(module):
        is_value = _is_frozen_dataclass(one) and not [name for name in _methods(one) if name not in _properties(one)]
        if one not in acts and not _is_port(one) and not is_value:
            yield f"{one.name} is no Protocol and no frozen dataclass without methods: move it to a module of its own"


def composition(tree: Tree) -> Iterator[str]:
    """``contract/service.py`` declares the rpc class and what it calls; ``__main__`` builds that."""
    classes = tree.classes("contract/service.py")
    if f"{tree.prefix}Contract" not in classes:
        yield f"contract/service.py has no {tree.prefix}Contract"
    use_cases = classes.get("UseCases")
    if use_cases is None or not _is_frozen_dataclass(use_cases):
        yield "contract/service.py has no frozen dataclass UseCases"
        return
    for field in (one for one in use_cases.body if isinstance(one, ast.AnnAssign)):
        name, kind = ast.unparse(field.target), ast.unparse(field.annotation)
        if f"usecases/{name}.py" not in tree.use_cases or kind != camel_case(name):
            yield f"contract/service.py: UseCases.{name} is no use case of that name ({kind})"
    if not any(_calls(node, "UseCases") for node in ast.walk(parse(tree.folder / "__main__.py"))):
        yield "__main__.py does not build UseCases"


def settings(tree: Tree) -> Iterator[str]:
    if f"{tree.prefix}Settings" not in tree.classes("settings.py"):
        yield f"settings.py has no {tree.prefix}Settings"


def commands(tree: Tree) -> Iterator[str]:
    """Each command of the service, ``seed`` among them, is a module of ``commands`` that ``__main__`` imports."""
    main = parse(tree.folder / "__main__.py")
    imported = {node.module for node in ast.walk(main) if isinstance(node, ast.ImportFrom) and node.module}
    modules = {name.rpartition(".")[2] for name in imported if ".commands." in name}
    names = [name for node in ast.walk(main) if _calls(node, "Service") for name in _command_names(node)]
    if len(modules) < len(names):
        yield f"__main__.py: of the commands {', '.join(names)} only {len(modules)} come from commands"
    yield from (
        f"commands/{name}.py is missing" for name in modules if not (tree.folder / f"commands/{name}.py").exists()
    )


def _command_names(service: ast.AST) -> Iterator[str]:
    for keyword in service.keywords if isinstance(service, ast.Call) else ():
        if keyword.arg == "seed":
            yield "seed"
        if keyword.arg == "commands" and isinstance(keyword.value, ast.Dict):
            yield from (ast.literal_eval(key) for key in keyword.value.keys if key)


def repositories(tree: Tree) -> Iterator[str]:
    """What reads and writes tables is a repository."""
    for path in sorted((tree.folder / "store").glob("*.py")):
        for one in _public_classes(parse(path)):
            is_work = path.name == "work.py"
            if not is_work and _takes(one, CONNECTIONS) and not one.name.endswith("Repository"):
                yield f"{tree.name_of(path)}: {one.name} is not called ...Repository"


def store_functions(tree: Tree) -> Iterator[str]:
    """A public function is a part of repositories, or takes the Database and is for ``__main__`` and ``commands``."""
    for path in sorted((tree.folder / "store").glob("*.py")):
        name = tree.name_of(path)
        for one, function in _public_functions(parse(path)).items():
            given = {name for argument in function.args.args for name in _names(argument.annotation)}
            users = {user.partition("/")[0] for user in tree.users_of(name, one)}
            if not users:
                yield f"{name}: {one} is called in this file alone: begin its name with an underscore"
            elif "Database" in given and not users <= {"__main__.py", "commands"}:
                yield f"{name}: {one} takes a Database, which is for __main__.py and commands: take the Session"
            elif "Database" not in given and users != {"store"}:
                yield f"{name}: {one} is called outside of store: make it a method of a repository behind a port"


def unit_of_work(tree: Tree) -> Iterator[str]:
    port = tree.classes("usecases/ports.py").get(f"{tree.prefix}UnitOfWork")
    if port is None or "UnitOfWork" not in map(ast.unparse, port.bases):
        yield f"usecases/ports.py: {tree.prefix}UnitOfWork(UnitOfWork, Protocol) is missing"
    if "UnitOfWork" not in tree.classes("store/work.py"):
        yield "store/work.py: UnitOfWork is missing"


RULES: Mapping[str, Callable[[Tree], Iterator[str]]] = {
    "files": missing_files,
    "packages": other_packages,
    "use cases": use_case_files,
    "composition": composition,
    "settings": settings,
    "commands": commands,
    "repositories": repositories,
    "store functions": store_functions,
    "unit of work": unit_of_work,
}


def camel_case(stem: str) -> str:
    return stem.title().replace("_", "")


def _public_classes(module: ast.Module) -> list[ast.ClassDef]:
    return [one for one in module.body if isinstance(one, ast.ClassDef) and not one.name.startswith("_")]


def _public_functions(module: ast.Module) -> dict[str, ast.FunctionDef]:
    found = [one for one in module.body if isinstance(one, ast.FunctionDef)]
    return {one.name: one for one in found if not one.name.startswith("_")}


def _methods(one: ast.ClassDef) -> list[str]:
    return [member.name for member in one.body if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef)]


def _properties(one: ast.ClassDef) -> list[str]:
    functions = [member for member in one.body if isinstance(member, ast.FunctionDef)]
    return [member.name for member in functions if "property" in map(ast.unparse, member.decorator_list)]


def _is_port(one: ast.ClassDef) -> bool:
    return "Protocol" in map(ast.unparse, one.bases)


def _takes(one: ast.ClassDef, kinds: set[str]) -> bool:
    made = [member for member in one.body if isinstance(member, ast.FunctionDef) and member.name == "__init__"]
    given = [argument.annotation for method in made for argument in method.args.args]
    fields = [member.annotation for member in one.body if isinstance(member, ast.AnnAssign)]
    return any(kinds & _names(kind) for kind in (*given, *fields))


def _names(annotation: ast.expr | None) -> set[str]:
    """All that stand in it: "Session | None" names a Session too."""
    return {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)} if annotation else set()


def _used_names(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{one.name}" for one in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def _is_frozen_dataclass(one: ast.ClassDef) -> bool:
    calls = [mark for mark in one.decorator_list if _calls(mark, "dataclass")]
    return any("frozen=True" in ast.unparse(mark) for mark in calls)


def _calls(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == name
