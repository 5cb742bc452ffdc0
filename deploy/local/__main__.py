"""`python -m deploy.local up`: the suite in the foreground, until Ctrl-C or SIGTERM."""

import signal
import sys
import time
from types import FrameType

from deploy.local.configured import suite_from_environment
from deploy.local.errors import LocalSuiteError
from deploy.local.suite import LocalSuite

USAGE = "Usage: python -m deploy.local up"


class StopRequested(BaseException):
    """A signal asked for the end."""


def main(arguments: list[str]) -> int:
    """Run the command; 0 after an orderly stop, 1 with one sentence when the suite cannot run."""
    if arguments != ["up"]:
        print(USAGE, file=sys.stderr)
        return 2
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        up()
    except LocalSuiteError as trouble:
        print(f"run: {trouble}", file=sys.stderr)
        return 1
    except StopRequested:
        return 0
    return 0


def up() -> None:
    """Start, show where things are, stay until asked to stop."""
    started = time.monotonic()
    suite = suite_from_environment(say=lambda line: print(f"run: {line} ...", flush=True))
    suite.start()
    try:
        print(summary(suite, time.monotonic() - started), flush=True)
        while True:
            signal.pause()
    finally:
        ignore_signals()  # a second Ctrl-C must not leave processes behind
        print("\nrun: stopping ...", flush=True)
        suite.stop()
        print(f"run: stopped; your data is in {suite.state.folder}", flush=True)


def summary(suite: LocalSuite, seconds: float) -> str:
    """What a person needs to begin."""
    return f"""
  Ready after {seconds:.0f} s.

  Portal         {suite.ports.portal_url}
  Payment page   {suite.ports.page_url}
  Sign in        producer@example.com   password demo
                 delegate@example.com   password demo
  RabbitMQ       {suite.broker.how}
  PostgreSQL     {suite.postgres.how}
  Logs           {suite.state.logs}
  Stop           Ctrl-C (your data stays for the next start)
"""


def stop(_number: int, _frame: FrameType | None) -> None:
    """Turn the first signal into an orderly end; later ones change nothing."""
    ignore_signals()
    raise StopRequested


def ignore_signals() -> None:
    """From here on the end runs its course."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
