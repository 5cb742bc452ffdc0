"""Fetch the fonts with which documents print names of every script: Noto, out of two of Debian's packages.

Run by set-up with the machine's own python3; standard library only. No root is needed, and nothing is installed.
Without Debian's tools the fonts of the machine are used, and a page says which letters it could not print.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FONTS = Path(__file__).resolve().parents[2] / "services" / "documents" / "typesetting" / "fonts"
PACKAGES = ("fonts-noto-core", "fonts-noto-cjk")
# A mirror that does not answer is given up soon: set-up goes on without these fonts.
APT = ("apt-get", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20", "-o", "Acquire::Retries=1")
# One weight of each script; some scripts have no letters without serifs.
WANTED = (
    "usr/share/fonts/truetype/noto/NotoSans*-Regular.ttf",
    *(
        f"usr/share/fonts/truetype/noto/NotoSerif{script}-Regular.ttf"
        for script in ("Ahom", "Dogra", "NyiakengPuachueHmong", "Tangut", "Tibetan", "Yezidi")
    ),
    "usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
)
COPYRIGHT = "usr/share/doc/{}/copyright"


def main() -> int:
    """0 when the fonts are there; 1 with a sentence when they cannot be had."""
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        print("this machine has no Debian packages; documents are printed with the fonts that it has.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        if not download(folder) and not (update_lists() and download(folder)):
            print("Debian's font packages cannot be had; documents are printed with the fonts of this machine.")
            return 1
        unpack(Path(folder))
    return 0


def download(folder: str) -> bool:
    return run(*APT, "download", *PACKAGES, folder=folder)


def update_lists() -> bool:
    return os.geteuid() == 0 and run(*APT, "update", "-q")


def unpack(folder: Path) -> None:
    """Swapped in at the end: a service that runs never sees half of them."""
    for archive in sorted(folder.glob("*.deb")):
        subprocess.run(["dpkg", "-x", str(archive), str(folder / "root")], check=True, stdin=subprocess.DEVNULL)
    fresh = FONTS.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    for pattern in WANTED:
        for font in (folder / "root").glob(pattern):
            shutil.copy(font, fresh)
    for package in PACKAGES:
        shutil.copy(folder / "root" / COPYRIGHT.format(package), fresh / f"{package}.copyright")
    shutil.rmtree(FONTS, ignore_errors=True)
    fresh.rename(FONTS)


def run(*command: str, folder: str | None = None) -> bool:
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
