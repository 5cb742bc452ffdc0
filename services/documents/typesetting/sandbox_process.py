"""The process that typesets: forms in by a socket, PDFs out, until its parent hangs up.

What people typed goes through a library that is not ours. Here it may take its time, its memory or the process with
it: the service waits no longer than its own limit and starts another.
"""

from __future__ import annotations

import json
import re
import resource
import signal
import socket
import sys
from functools import cache
from pathlib import Path
from typing import Any

import typst

from services.documents.typesetting import frames
from services.documents.typesetting.unprintable import compile_printable

TEMPLATES = Path(__file__).parent / "templates"
# Noto fonts for every script, which set-up puts there (deploy/local/fonts.py).
FONTS = Path(__file__).parent / "fonts"
# Of addresses. A process that made 300 applications, half of them with all legal texts, had 235 MB, and 175 MB in use
# (measured).
MEMORY_BYTES = 640 * 1024 * 1024
# Of one document; an application with all legal texts takes a quarter of a second (measured).
CPU_SECONDS = 5
# A process that nobody needs gives its memory back; the next document starts another, in half a second.
IDLE_SECONDS = 600.0
MADE, REFUSED = b"+", b"-"


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with socket.socket(fileno=int(sys.argv[1])) as connection:
        connection.settimeout(IDLE_SECONDS)
        try:
            while True:
                request = frames.receive_frame(connection)
                # the default action of its signal ends the process, also inside the library; RLIMIT_CPU counts a whole
                # life, in another measure than getrusage, and ended an innocent process after some 400 documents
                signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
                made = answer(request)
                signal.setitimer(signal.ITIMER_PROF, 0)
                frames.send_frame(connection, made)
        except (TimeoutError, frames.PeerClosed, BrokenPipeError):
            return  # nobody needs it any more


def answer(request: bytes) -> bytes:
    """The PDF behind MADE, or behind REFUSED where in which template the compiler found a fault."""
    asked = json.loads(request)
    try:
        return MADE + compile_printable(lambda form: _typst(asked["template"], form, asked["at"]), asked["form"])
    except typst.TypstError as error:
        # the message itself may quote what a person typed
        places = re.findall(r"[\w-]+\.typ:\d+:\d+", getattr(error, "diagnostic", ""))
        return REFUSED + (places[0] if places else "unknown place").encode()


def _typst(template: str, form: dict[str, Any], at: int) -> bytes:
    return typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        format="pdf",
        pdf_standards=["ua-1", "a-2a"],
        sys_inputs={"data": json.dumps(form, ensure_ascii=False)},
        timestamp=at,
        font_paths=_fonts(),
    )


@cache
def _fonts() -> typst.Fonts:
    """Read once: looking for them takes longer than setting a small document."""
    # the same pages on every machine; without the folder, the machine's own fonts may have what typst's lack
    ours = FONTS.is_dir()
    return typst.Fonts(include_system_fonts=not ours, font_paths=[FONTS] if ours else [])


if __name__ == "__main__":
    main()
