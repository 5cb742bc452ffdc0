"""The browser of the tests: the machine's Chromium, or Debian's."""

import shutil
from pathlib import Path

from deploy.local.errors import LocalSuiteError
from deploy.local.servers import debian

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "fonts-liberation")
"""Without recommended packages Chromium comes without any font that has Latin letters."""

NO_WAY = (
    "Chromium is missing. Install it (`apt-get install chromium`); as root on Debian, the browser tests install it "
    "for you."
)


def find_chromium() -> Path | None:
    """The browser on PATH, or None."""
    return next((Path(found) for name in NAMES if (found := shutil.which(name))), None)


def choose_chromium(log: Path) -> Path:
    """The browser of this machine, installed from Debian's packages where it is missing and that is possible.

    Raises `LocalSuiteError` where none can be had.
    """
    found = find_chromium()
    if found is None and debian.can_install() and debian.install_packages(PACKAGES, log):
        found = find_chromium()
    if found is None:
        raise LocalSuiteError(NO_WAY)
    return found
