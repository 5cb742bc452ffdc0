"""The suite as the environment asks for it: the same for `make run` and for the demo that starts it by itself."""

import os
from collections.abc import Callable
from pathlib import Path

from deploy.local.errors import LocalSuiteError
from deploy.local.suite import LocalSuite

# All processes get them, so no secret is among them: keys are files, or those that AWS' tools find.
PASSED_TO_PROCESSES = (
    "SUITE_TODAY",
    "SUITE_MARKETS",
    "ENROLLMENT_HELP_LINE",
    "ENROLLMENT_RULES_FOLDER",
    "ENROLLMENT_CARRIER_GRANTS",
    "PCP_DIRECTORY",
    "DOCUMENTS_TEXTS",
    "DOCUMENTS_BLOBS",
    "DOCUMENTS_BLOBS_ENDPOINT",
    "DOCUMENTS_BLOBS_REGION",
    "DOCUMENTS_BLOBS_LOCK",
    "PAYMENT_HOSTED_PAGE_URL",
    "PAYMENT_HOSTED_PAGE_NAME",
    "PAYMENT_HOSTED_PAGE_KEY_FILE",
    "PAYMENT_PAY_NOW",
    "PAYMENT_PAY_NOW_KEY_FILE",
    "PAYMENT_PAY_NOW_CERTIFICATE_FILE",
)


def state_folder() -> Path:
    """Where everything is kept that the suite makes."""
    return Path(os.environ.get("SUITE_STATE") or ".run")


def suite_from_environment(say: Callable[[str], None] = lambda line: None) -> LocalSuite:
    """A suite by SUITE_STATE, PORT, SUITE_TODAY, AMQP_URL and DATABASE_URL, not yet started."""
    return LocalSuite(
        state=state_folder(),
        port=gateway_port(os.environ.get("PORT") or "8080"),
        amqp_url=os.environ.get("AMQP_URL"),
        database_url=os.environ.get("DATABASE_URL"),
        env={name: os.environ[name] for name in PASSED_TO_PROCESSES if os.environ.get(name)},
        say=say,
    )


def gateway_port(text: str) -> int:
    """PORT as a number; LocalSuiteError when it is not a valid one."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise LocalSuiteError("PORT must be a number from 1 to 65535.")
    return int(text)
