"""What each package of a service may import from outside that service: a list of what is allowed, not of what is not.

import-linter holds the order of the layers and what may not be reached through others (``pyproject.toml``); its rules
name what is forbidden, so a library that nobody thought of would pass. This table names what is allowed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PURE = """
__future__ abc base64 bisect calendar collections contextlib dataclasses datetime decimal enum fractions functools
hashlib hmac itertools json math operator re string struct typing unicodedata
"""
"""Modules of the standard library that neither read nor write anything outside; every layer may import them."""

# Of one service, "quote/domain"; "{service}" is the service's own name.
MAY_IMPORT: Mapping[str, Mapping[str, str]] = {
    "chassis/kernel": {
        "chassis.kernel": "its own modules",
        "pathlib.Path": "names the file in the errors of a market file",
        "uuid": "makes ids",
        "zoneinfo": "the zone of a state, for its business date",
    },
    "chassis/contact_points.py": {
        "chassis.kernel": "counts the digits of a number; pure itself, see above",
        "email_validator": "the form of an email address, without asking the network",
        "phonenumbers": "the form of a phone number",
    },
    "domain": {"chassis.kernel": "values, clock and errors; pure itself, see above"},
    "enrollment/domain": {
        "chassis.contact_points": "the form of email addresses and phone numbers; pure itself",
        "uuid.UUID": "the form of a review link's id",
    },
    "documents/domain": {"chassis.contact_points.Phone": "the ten digits of a phone number; pure itself"},
    "quote/domain": {
        "numpy": "rates thousands of households at once",
        "threading.Lock": "requests share the cache of rate matrices",
        "uuid.UUID": "the form of a share link's id",
    },
    "usecases": {"chassis.kernel": "values, clock, errors and the unit of work's Protocol"},
    "enrollment/usecases": {"chassis.contact_points": "what to do about a phone number that is none; pure itself"},
    "payment/usecases": {"secrets": "makes one-time secrets and confirmation numbers"},
    "quote/usecases": {"chassis.contact_points": "the form of the address that a quote is sent to"},
    "contract": {
        "chassis.bounds": "the limits of the contracts",
        "chassis.contract": "the base of the rpc classes",
        "chassis.contract_options": "the limits of uploads",
        "chassis.identity.Caller chassis.identity.WritingNumber": "who asks",
        "chassis.kernel": "values and errors",
        "chassis.mapping": "converters",
        "chassis.paging": "page tokens",
        "google.protobuf.message.Message": "the base of all messages",
        "suite.common": "shared messages",
        "suite.{service}": "its own messages",
    },
    "quote/contract": {
        "chassis.identity.CallerKind": "an answer that everybody may have is worked out for no person",
        "google.protobuf.descriptor.MethodDescriptor": "which method the bytes of a request are for",
    },
    "enrollment/contract": {"stdnum": "the form of social security numbers"},
    "enrollment/wire": {
        "chassis.kernel": "values",
        "chassis.mapping": "converters",
        "suite.common": "shared messages",
        "suite.enrollment": "its own messages",
    },
    "events": {
        "chassis.bus.delivery": "whether a message that fails is tried again",
        "chassis.bus.envelope.Delivery": "the message that came",
        "chassis.bus.worker_spec.Subscription": "declares a handler",
        "chassis.contract_options.event_type": "the name of an event on the wire",
        "chassis.db.OutgoingEvent": "what the outbox takes",
        "chassis.kernel": "errors",
        "chassis.mapping": "converters",
        "suite": "messages of the services that it subscribes to, and its own",
    },
    "remote": {
        "chassis.bus.client": "calls other services",
        "chassis.kernel": "values and errors",
        "chassis.mapping": "converters",
        "suite": "messages of the services that it calls",
    },
    "payment/remote": {
        "chassis.yaml_file": "reads the profiles of carriers",
        "cryptography": "the key that assertions are signed with",
        "httpx": "calls the payment processor",
        "lxml signxml": "writes and signs assertions",
        "pathlib.Path": "profiles of carriers and their keys",
        "pydantic": "the form of profiles",
        "secrets": "ids of assertions",
        "urllib.parse": "the text that forms for another page are signed over",
    },
    "enrollment/remote": {
        "cachetools.TTLCache": "keeps pcp's answers for some seconds",
        "threading.Lock": "requests share them",
        "time.monotonic": "how old they are",
    },
    "quote/remote": {
        "email": "composes messages",
        "pathlib.Path": "where made-up mail is put instead of being sent",
        "smtplib": "sends mail",
        "ssl": "the mail server's certificate",
        "urllib.parse": "reads the address of the mail server",
    },
    "store": {
        "alembic": "migrations",
        "chassis.db": "sessions, the outbox, the unit of work",
        "chassis.kernel": "values and errors",
        "sqlalchemy": "tables and queries",
    },
    "documents/store": {
        "boto3 botocore": "documents in an S3 bucket",
        "chassis.crypto": "files are stored encrypted",
        "chassis.telemetry": "logs what a store refuses and which document is damaged, which no caller may read",
        "functools": "calls of the S3 client",
        "os pathlib.Path tempfile": "documents in a folder",
        "secrets": "names of blobs that say nothing",
    },
    "enrollment/store": {
        "chassis.crypto chassis.sealed_text": "applications are stored encrypted",
        "chassis.telemetry": "logs which key is missing, which no caller may read",
        "csv io pathlib.Path": "loads the files of ZIP codes and counties",
        "pydantic": "reads the JSON of a column into its types",
    },
    "payment/store": {
        "chassis.crypto": "what carriers' pages are told about subscribers is stored encrypted",
        "pydantic": "writes it as JSON and reads it again",
    },
    "pcp/store": {"csv io": "copies a directory in bulk"},
    "quote/store": {
        "chassis.crypto chassis.sealed_text": "birth dates are stored encrypted",
        "chassis.telemetry": "logs that a catalogue was taken up, which nobody asked for",
        "csv io": "copies rates in bulk",
        "threading time": "takes up a new catalogue in the background",
    },
    "settings.py": {
        "chassis.encryption_settings": "the keys of a service that encrypts",
        "chassis.kernel": "values",
        "chassis.settings": "the base of the settings",
        "pathlib.Path": "folders",
        "pydantic": "limits of the values",
    },
    "commands": {
        "chassis.db.Database": "commands that load take a connection of their own",
        "chassis.db.key_rotation chassis.rotate_keys": "the command that all services which encrypt have",
        "chassis.kernel": "values and errors",
        "chassis.service.Runtime": "what a command gets",
        "chassis.telemetry": "logs what was loaded",
        "pathlib.Path sys": "files and streams of a terminal",
        "chassis.file_progress.show_file_progress": "a bar for each file that an import reads",
        "rich typer": "a terminal's options, tables and progress",
        "time.monotonic": "says how long an import took",
        "urllib.parse": "reads the address to listen at",
    },
    "payment/commands": {"chassis.health.serve_health": "metrics of the payment page, beside its own port"},
    "__main__.py": {
        "chassis.bus.worker_spec": "timers",
        "chassis.cli chassis.eventlet_patch chassis.service": "describes the service and runs its processes",
        "chassis.kernel": "values and the clock",
        "chassis.telemetry": "logs what timers found",
        "pathlib.Path": "folders",
    },
    "quote/catalogue": {
        "chassis.kernel": "values and errors",
        "csv io pathlib.Path sys": "reads rate filings",
        "numpy pyarrow": "reads millions of rates in columns",
    },
    "quote/census": {
        "chassis.kernel": "values and errors",
        "csv io pathlib.Path": "reads and writes census files",
        "numpy pyarrow": "reads and writes census files in bulk",
        "rich typer": "a terminal's options and progress",
    },
    "pcp/directory": {
        "chassis.kernel": "values and errors",
        "codecs csv pathlib.Path pathlib.PurePosixPath": "reads provider files",
        "stdnum": "the check digit of an NPI",
        "urllib.parse": "an index names its files by URL",
    },
    "quote/data": {
        "chassis.market_file chassis.settings": "makes plans for the states that are served",
        "csv pathlib.Path": "writes the made-up files",
    },
    "pcp/data": {"csv pathlib.Path random statistics sys.argv": "writes the made-up files, with seeded chance"},
    "enrollment/rulebook": {
        "chassis.kernel": "values and errors",
        "chassis.yaml_file pathlib.Path": "reads rule packs",
        "pydantic": "the form of rule packs",
    },
    "documents/edi": {
        "chassis.yaml_file pathlib.Path": "reads carrier profiles",
        "pydantic": "the form of carrier profiles",
        "zoneinfo": "the clock by which a carrier's files are dated",
    },
    "documents/inspection": {
        "PIL pypdf": "reads uploaded images and PDFs",
        "chassis.kernel": "errors",
        "io os resource subprocess sys threading": "a process of its own, with limits",
    },
    "documents/typesetting": {
        "chassis.contact_points": "writes phone numbers",
        "chassis.form_words chassis.yaml_file": "the client's language",
        "chassis.kernel": "values and errors",
        "chassis.telemetry": "logs a process that ended",
        "os queue resource signal socket subprocess sys time": "processes of their own, with limits",
        "pathlib.Path": "templates and fonts",
        "regex": "letters that the fonts do not have",
        "suite.common suite.enrollment": "the application that is printed",
        "typst": "sets PDFs",
    },
    "payment/page": {
        "asyncio time": "webhooks are limited in time",
        "chassis.error_mapping": "errors to HTTP statuses",
        "chassis.form_words": "dates in the payer's language",
        "chassis.kernel": "values and errors",
        "chassis.telemetry": "logs and counts calls",
        "jinja2 pathlib.Path": "templates",
        "starlette": "serves HTTP",
        "yaml": "catalogues of what the page says, one for each language",
        "stdnum": "the check digits of card and routing numbers",
        "urllib.parse": "reads form bodies and addresses",
    },
    "payment/sandbox": {
        "asyncio time": "webhooks are repeated after a while",
        "chassis.telemetry": "logs webhooks",
        "httpx": "sends webhooks",
        "secrets uuid": "makes numbers of payments",
        "starlette": "serves HTTP",
    },
    "payment/web.py": {"signal": "ends the process", "starlette uvicorn": "serves HTTP"},
}
# Built-in functions that do what a forbidden import would.
PURE_LAYERS = ("kernel", "domain", "usecases")
IMPURE_CALLS = ("open", "input", "__import__")


@dataclass(frozen=True)
class Module:
    """One file of ``services/<name>/`` or of the chassis, by its path from the root."""

    file: str
    source: str

    @property
    def service(self) -> str:
        return Path(self.file).parts[1]

    @property
    def layer(self) -> str:
        parts = Path(self.file).parts
        return parts[2] if parts[0] == "services" else parts[1]

    @property
    def rows(self) -> tuple[str, ...]:
        """Of the layer in every service, and in this one."""
        is_service = Path(self.file).parts[0] == "services"
        return (self.layer, f"{self.service}/{self.layer}") if is_service else (f"chassis/{self.layer}",)

    @property
    def allowed(self) -> Iterator[tuple[str, str]]:
        """Row and module of each entry that holds for this file."""
        for row in self.rows:
            yield from ((row, one) for key in MAY_IMPORT.get(row, {}) for one in key.split())

    def allows(self, name: str, module: str) -> bool:
        return f"{name}.".startswith(f"{module}.".replace("{service}", self.service))

    @cached_property
    def outside(self) -> list[tuple[int, str]]:
        """Line and name of what is imported from outside the service, "datetime.date" of a ``from`` import."""
        own = f"services.{self.service}."
        return [(line, name) for line, name in self._imports() if not name.startswith(own)]

    def _imports(self) -> Iterator[tuple[int, str]]:
        for node in ast.walk(ast.parse(self.source)):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, one.name) for one in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield from ((node.lineno, f"{node.module}.{one.name}") for one in node.names)


def faults(module: Module) -> Iterator[str]:
    """A sentence for each import that no entry allows."""
    allowed = [*PURE.split(), *(one for _, one in module.allowed)]
    for line, name in module.outside:
        if not any(module.allows(name, one) for one in allowed):
            yield (
                f"{module.file}:{line} imports {name}, which {module.layer} may not: let another layer do that behind "
                f"a port of usecases/ports.py, or allow it with a reason in {module.rows[-1]} of MAY_IMPORT in "
                "tests/layer_imports.py"
            )
    if module.layer in PURE_LAYERS:
        yield from _impure_calls(module)


def _impure_calls(module: Module) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in IMPURE_CALLS:
            call = ast.unparse(node.func)
            yield (
                f"{module.file}:{node.lineno} calls {call}, which {module.layer} may not: let another layer do that "
                "behind a port of usecases/ports.py"
            )


def used_entries(module: Module) -> Iterator[tuple[str, str]]:
    """Row and module of the entries without which this file would have a fault."""
    for row, one in module.allowed:
        if any(module.allows(name, one) for _, name in module.outside):
            yield row, one
