"""The state folder of a suite: one owner at a time, and what others may read about the running one."""

import fcntl
import json
from pathlib import Path
from typing import IO, Any

from deploy.local.errors import LocalSuiteError
from deploy.local.keys import write_private


class State:
    """A folder such as `.run`; everything that a suite writes lies in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.logs = self.folder / "logs"
        self.description = self.folder / "suite.json"
        self._lock: IO[str] | None = None

    def take(self) -> None:
        """Become the folder's owner until `release` or the end of this process; LocalSuiteError when it has one."""
        self.logs.mkdir(parents=True, exist_ok=True)
        lock = (self.folder / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            at = (running_state(self.folder) or {}).get("portal_url", "an address not yet known")
            advice = "stop it first, or set SUITE_STATE and PORT to run two"
            raise LocalSuiteError(f"the suite runs already from {self.folder}, at {at}; {advice}.") from None
        self._lock = lock
        self.description.unlink(missing_ok=True)
        for log in self.logs.glob("*.log"):
            if log.name != "setup.log" and not log.name.endswith(".previous.log"):
                log.replace(log.with_suffix(".previous.log"))  # two runs are kept, so logs cannot fill the disk

    def describe(self, facts: dict[str, Any]) -> None:
        """Publish what `make demo`, the tests and a curious person need; carries passwords, so for the owner alone."""
        write_private(self.description, json.dumps(facts, indent=1))

    def release(self) -> None:
        """Give the folder up."""
        if self._lock:
            self.description.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None


def running_state(folder: Path) -> dict[str, Any] | None:
    """The description of the suite that runs from this folder and is ready, or None."""
    lock, description = folder / "lock", folder / "suite.json"
    if not lock.exists() or not description.exists():
        return None
    with lock.open() as probe:
        try:
            fcntl.flock(probe, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            facts: dict[str, Any] = json.loads(description.read_text())
            return facts
    return None
