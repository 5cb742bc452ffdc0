"""Inspection: the process that reads the file. Bytes in by stdin; a line of JSON and, of an image, its bytes out.

It holds no secret and no connection, and its memory and time are bounded: whatever a file does to the libraries here,
the service goes on.
"""

from __future__ import annotations

import json
import resource
import sys

from services.documents.inspection import images, pdfs
from services.documents.inspection.scan_result import FileProblem, FileRefused

# An image of the largest size is held three times while it is encoded again; the rest is Python and its libraries.
MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 10
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    found, written = judge(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(found).encode() + b"\n" + written)


def judge(content: bytes) -> tuple[dict[str, str | int], bytes]:
    """A fault, or media type and pages and of an image its new bytes."""
    try:
        return _look(content)
    except FileRefused as refused:
        return {"fault": refused.fault}, b""
    except (MemoryError, RecursionError):
        return {"fault": FileProblem.TOO_COMPLEX}, b""
    except Exception:
        # what the libraries raise on broken files has no common base; the sentence is the same for all of it
        return {"fault": FileProblem.DAMAGED}, b""


def _look(content: bytes) -> tuple[dict[str, str | int], bytes]:
    media_type = next((kind for magic, kind in _MAGIC if content.startswith(magic)), None)
    match media_type:
        case "application/pdf":
            return {"media_type": media_type, "pages": pdfs.check_pdf(content)}, b""
        case "image/png" | "image/jpeg":
            kind = media_type.partition("/")[2].upper()
            return {"media_type": media_type, "pages": 1}, images.rewrite_image(content, kind)
    raise FileRefused(FileProblem.UNKNOWN)


if __name__ == "__main__":
    main()
