"""The browser of the tests: the machine's Chromium, or Debian's, and what its driver needs beside it."""

import ctypes
import os
import shutil
from pathlib import Path

from deploy.local.errors import LocalSuiteError
from deploy.local.servers import debian

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is Chromium without windows; it does the tests' work in three quarters of the processor time."""
PACKAGES = ("chromium-headless-shell", "fonts-liberation", "libatomic1")
"""Without recommended packages Chromium comes without any font that has Latin letters. The last is for Playwright's
driver, a Node.js of its own, which an empty Debian cannot start without it."""

NO_WAY = (
    "Chromium is missing, or libatomic1, which its driver needs. Install both (`apt-get install "
    "chromium-headless-shell libatomic1`); as root on Debian, the browser tests install them for you."
)

# A container gives shared memory 64 MB, less than Chromium wants for a long page.
_ARGUMENTS = ("--disable-dev-shm-usage",)
# Chromium refuses to run its sandbox as root, which is what CI and most containers are. The pages it opens are ours.
_AS_ROOT = ("--no-sandbox",)


def list_arguments() -> list[str]:
    """With which Chromium starts on this machine."""
    return [*_ARGUMENTS, *(_AS_ROOT if os.geteuid() == 0 else ())]


def find_chromium() -> Path | None:
    """The browser on PATH, or None."""
    return next((Path(found) for name in NAMES if (found := shutil.which(name))), None)


def can_start_driver() -> bool:
    """Whether the library is there that Playwright's Node.js is linked with and does not bring."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def choose_chromium(log: Path) -> Path:
    """The browser of this machine, installed from Debian's packages where it is missing and that is possible.

    Raises `LocalSuiteError` where none can be had, or its driver could not start.
    """
    found = find_chromium()
    if (found is None or not can_start_driver()) and debian.can_install() and debian.install_packages(PACKAGES, log):
        found = find_chromium()
    if found is None or not can_start_driver():
        raise LocalSuiteError(NO_WAY)
    return found
