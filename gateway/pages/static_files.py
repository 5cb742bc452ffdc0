"""The portal's own files, under addresses that change with their contents."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parents[1] / "static"
# A year, the longest that a cache is asked to keep anything (RFC 9111 calls more unwise).
FOREVER = "public, max-age=31536000, immutable"
# Under an address without a fingerprint, or with that of another release: asked for again each time, by its ETag.
ASK_AGAIN = "no-cache"


def fingerprint(folder: Path) -> str:
    """One for all files: they name each other by relative addresses, which then carry it too."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]


FINGERPRINT = fingerprint(STATIC)
_FINGERPRINT = re.compile("[0-9a-f]{12}")


def static_address(path: str) -> str:
    """Where a page finds a file of gateway/static."""
    return f"/static/{FINGERPRINT}/{path}"


class _Files(StaticFiles):
    """The files with any fingerprint, since a page of the last release may still be open, and without one."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        first, _, rest = path.partition("/")
        response = await super().get_response(rest if _FINGERPRINT.fullmatch(first) else path, scope)
        response.headers["Cache-Control"] = FOREVER if first == FINGERPRINT else ASK_AGAIN
        return response


def build_static_route() -> Mount:
    return Mount("/static", _Files(directory=STATIC), name="static")
