"""Logs, metrics and trace context.

Logs are JSON lines with an allow-list of keys: a key that is not listed is dropped, so a value that a person typed
cannot slip in by a careless call. Metrics carry bounded labels only.
"""

from __future__ import annotations

import contextvars
import logging
import re
import secrets
import sys
import threading
from collections.abc import Mapping, MutableMapping
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from chassis.plain_structlog import structlog

CALLS = Counter("suite_calls_total", "Calls answered, by door, method and outcome.", ["door", "method", "outcome"])
CALL_SECONDS = Histogram("suite_call_seconds", "Time to answer a call.", ["door", "method"])
EVENTS = Counter("suite_events_handled_total", "Events handled, by queue and outcome.", ["queue", "outcome"])
PUBLISHED = Counter("suite_outbox_published_total", "Events handed to the broker.", ["service", "outcome"])
CERTIFICATE_EXPIRES = Gauge(
    "suite_certificate_expires_seconds", "When the certificate that this process shows expires, as Unix time."
)
PAYMENT_MISMATCHES = Gauge("suite_payment_mismatches", "Payments held: charged for another amount or currency.")
TEXTS_MISSING = Gauge("suite_texts_missing", "Legal texts that the rules name and nobody keeps.")
CARRIER_FILES_OVERDUE = Gauge(
    "suite_carrier_files_overdue", "Files that a carrier did not acknowledge in the time agreed.", ["carrier"]
)
CARRIER_FILES_AGE = Gauge(
    "suite_carrier_files_oldest_overdue_seconds", "Age of the oldest of them; 0 without any.", ["carrier"]
)
LISTENER_CONNECTED = Gauge("suite_listener_connected", "1 while the gateway hears events from the broker, else 0.")
FORWARDED = Counter("suite_feed_events_total", "Events handed to the queue of a feed.", ["feed", "outcome"])
FEED_EXPIRED = Counter(
    "suite_feed_events_expired_total", "Events that were too old before they were delivered.", ["feed"]
)
FEED_WAITING = Gauge("suite_feed_waiting", "Events of a feed that wait.", ["feed", "service"])
FEED_AGE = Gauge("suite_feed_oldest_seconds", "Age of the oldest event of a feed that waits.", ["feed", "service"])
OUTBOX_UNSENT = Gauge("suite_outbox_unsent", "Events that wait in the outbox.", ["service"])
OUTBOX_AGE = Gauge("suite_outbox_oldest_seconds", "Age of the oldest event that waits in the outbox.", ["service"])

# What a log line may carry. None of these is ever filled from a form.
ALLOWED_KEYS = frozenset(
    {"event", "level", "timestamp", "process", "service", "method", "door", "outcome", "code", "error_type", "stack"}
    | {"queue", "event_type", "event_id", "message_id", "record_number", "quote_id", "attempt", "delay_seconds"}
    | {"count", "seconds", "status", "port", "address", "trace_id", "rule_pack", "state", "step", "signal", "key_id"}
    | {"reason"}
    # of security events (chassis/security_log.py): an account by its id, an address without a name
    | {"act", "user_id", "client_address"}
)
# What structlog itself hands along for a line that came from a library.
_INTERNAL_KEYS = frozenset({"_record", "_from_structlog"})
# A second net under the allow-list: nine digits with or without dashes never appear in a log line.
_SSN_LIKE = re.compile(r"\b\d{3}-?\d{2}-?\d{4}\b")
# Card-like runs of 13 to 19 digits, with or without blanks.
_CARD_LIKE = re.compile(r"\b(?:\d[ -]?){12,18}\d\b")

# Ids that are made here; one of a thousand is all digits where a card number would be looked for.
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

_trace: contextvars.ContextVar[str] = contextvars.ContextVar("traceparent", default="")


def configure_logging(process: str) -> None:
    """JSON lines on standard output, ours and the libraries' alike."""

    def name_process(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["process"] = process
        return event

    shared = [name_process, *_processors()]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(),
            foreign_pre_chain=[_library_line, *shared],
            keep_exc_info=False,
            use_get_message=False,  # the bare template: what a library fills in may be what a person typed
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for chatty in ("amqp", "kombu", "nameko", "alembic", "httpx", "httpcore", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # every failed call and event has a line of ours that says more
    logging.getLogger("nameko.containers").setLevel(logging.CRITICAL)
    sys.excepthook = lambda _kind, error, _trace: get_logger().critical("process fails", exc_info=error)
    threading.excepthook = lambda failed: get_logger().error("thread fails", exc_info=failed.exc_value)


def _processors() -> list[Any]:
    return [
        _with_trace_id,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_error_type,
        _only_allowed,
    ]


def get_logger() -> Any:
    """The allow-list holds where nothing was configured, as in a test: structlog itself would print an error's local
    variables, and so what a person typed."""
    if not structlog.is_configured():
        structlog.configure(processors=[*_processors(), structlog.processors.JSONRenderer()])
    return structlog.get_logger()


def start_trace(traceparent: object) -> None:
    """Go on with the caller's W3C trace, or begin one."""
    if not isinstance(traceparent, str) or not _TRACEPARENT.fullmatch(traceparent):
        traceparent = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
    _trace.set(traceparent)


def trace_headers() -> dict[str, str]:
    """The headers that carry the trace on, on the bus as over gRPC."""
    return {"traceparent": _trace.get()} if _trace.get() else {}


def current_trace_id() -> str:
    """Of the call, event or timer that is handled now; empty outside of them."""
    return _trace.get().split("-")[1] if _trace.get() else ""


def _with_trace_id(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if traceparent := _trace.get():
        event["trace_id"] = traceparent.split("-")[1]
    return event


def _with_error_type(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say which error it was and where, never its arguments: they may hold what a person typed."""
    error = event.pop("exc_info", None)
    event.pop("stack", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error_type"] = type(error).__name__
        event["stack"] = _places(error)
    return event


def _places(error: BaseException) -> list[str]:
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-8:]  # the innermost frames tell where; more would fill the log


def _only_allowed(_logger: Any, _name: str, event: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in event.items() if key in ALLOWED_KEYS and _is_plain(key, value)}
    safe = {key: scrub(value) if isinstance(value, str) else value for key, value in kept.items()}
    return safe | {key: event[key] for key in _INTERNAL_KEYS if key in event}


def _is_plain(key: str, value: object) -> bool:
    """A list or an object could hold anything; ``stack`` alone is a list, and made here."""
    return key == "stack" or isinstance(value, str | int | float | None)


def _library_line(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    message = event["_record"].msg
    if not isinstance(message, str):  # somebody logged the exception itself
        event["event"] = type(message).__name__
    return event


def scrub(text: str) -> str:
    if _UUID.fullmatch(text):
        return text
    return _CARD_LIKE.sub("[number]", _SSN_LIKE.sub("[number]", text))
