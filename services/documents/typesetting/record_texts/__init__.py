"""What the printed consent record says, in the language in which the client signed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from chassis.form_words import get_form_words
from chassis.yaml_file import load_mapping

FOLDER = Path(__file__).parent


@cache
def get_record_texts(language: str) -> Mapping[str, str]:
    """English for a language that there is not."""
    return load_mapping(FOLDER / f"{get_form_words(language).language}.yaml")
