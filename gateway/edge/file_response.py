"""A file of the documents service as an HTTP response."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import Response


def file_response(reply: Any) -> Response:
    # the name comes from our own documents service; anything that could break the header is dropped all the same
    name = re.sub(r"[^A-Za-z0-9._-]", "", reply.file_name) or "application.pdf"
    # what somebody sent in is saved, never shown as if it were a page of ours
    sent_in = getattr(reply, "media_type", "")
    headers = {"Content-Disposition": f'{"attachment" if sent_in else "inline"}; filename="{name}"'}
    return Response(reply.content, media_type=sent_in or "application/pdf", headers=headers)
