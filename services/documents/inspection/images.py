"""Inspection: PNG and JPG. An image is decoded as a whole and encoded again, so that nothing but its pixels is kept."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from services.documents.inspection.scan_result import FileProblem, FileRefused

# A page of Letter or A4 at 600 dpi, the finest that an office scanner makes (35 million), some 110 MB while decoded.
MOST_PIXELS = 36_000_000
# Encoded again an image may grow; what is larger would not pass our own gRPC limit of 16 MiB on its way out.
LARGEST_WRITTEN = 15 * 1024 * 1024
# Letters stay sharp; higher doubles the size without showing.
JPEG_QUALITY = 90
_PNG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")
_JPEG_MODES = ("L", "RGB")


def rewrite_image(content: bytes, kind: str) -> bytes:
    """``kind``: "PNG" or "JPEG". Raises FileRefused, and whatever the library raises on a broken file."""
    written = _written(content, kind)
    if len(written) > LARGEST_WRITTEN:
        raise FileRefused(FileProblem.TOO_DETAILED)
    return written


def _written(content: bytes, kind: str) -> bytes:
    if kind == "PNG":
        with Image.open(io.BytesIO(content), formats=[kind]) as checked:
            _must_be_small(checked)
            checked.verify()  # the checksums; it leaves the image unusable
    with Image.open(io.BytesIO(content), formats=[kind]) as image:
        _must_be_small(image)
        image.load()
        upright = ImageOps.exif_transpose(image)
    modes, target = (_PNG_MODES, "RGBA") if kind == "PNG" else (_JPEG_MODES, "RGB")
    plain = upright if upright.mode in modes else upright.convert(target)
    plain.info = {key: plain.info[key] for key in ("transparency",) if key in plain.info}
    out = io.BytesIO()
    plain.save(out, kind, quality=JPEG_QUALITY)
    return out.getvalue()


def _must_be_small(image: Image.Image) -> None:
    """By what the header says, before a pixel is decoded."""
    if image.width * image.height > MOST_PIXELS:
        raise FileRefused(FileProblem.TOO_DETAILED)
