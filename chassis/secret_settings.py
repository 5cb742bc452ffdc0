"""Secrets among the settings: read from the file that ``<NAME>_FILE`` names, and refused where everybody knows them."""

from __future__ import annotations

import base64
import binascii
import json
import re
from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

# Published as examples: RFC 8037 (appendix A) and the Standard Webhooks specification.
_PUBLISHED = ("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
# How the fields end whose secrets are random bytes in base64.
_RANDOM = ("field_key", "field_keys", "index_key", "callback_secret")
# 32 random bytes have fewer different ones in one of 10^24 cases; zeros, words and patterns do.
_FEWEST_DIFFERENT_BYTES = 16


class BadSecretFile(ValueError):
    """A file of a secret cannot be used; the text names the variable and nothing of the file."""


class SecretFiles(PydanticBaseSettingsSource):
    """For each secret: the content of the file that the variable of its name and ``_FILE`` names."""

    def __init__(self, kind: type[BaseSettings], variables: PydanticBaseSettingsSource) -> None:
        super().__init__(kind)
        self._variables: dict[str, str | None] = dict(getattr(variables, "env_vars", {}))
        self._prefix = str(getattr(variables, "env_prefix", ""))

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        variable = f"{self._prefix}{field_name}".lower()
        named = self._variables.get(f"{variable}_file")
        if not named or not is_secret(field):
            return None, field_name, False
        if self._variables.get(variable):
            raise BadSecretFile(f"{variable.upper()} and {variable.upper()}_FILE are both set: set one of them")
        try:
            text = Path(named).read_text().strip()
        except (OSError, UnicodeDecodeError):
            raise BadSecretFile(f"the file of {variable.upper()}_FILE cannot be read") from None
        if field.annotation is SecretStr:
            return text, field_name, False
        try:
            return json.loads(text), field_name, True
        except json.JSONDecodeError:
            raise BadSecretFile(f"the file of {variable.upper()}_FILE is not JSON") from None

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


def is_secret(field: FieldInfo) -> bool:
    return field.annotation is SecretStr or SecretStr in get_args(field.annotation)


def find_known_secrets(settings: BaseSettings) -> list[str]:
    """Fields whose secret is an example that was published, or no random key at all."""
    texts = {
        name: value.get_secret_value()
        for name in type(settings).model_fields
        if isinstance(value := getattr(settings, name), SecretStr)
    }
    return [name for name, text in texts.items() if _is_known(name, text)]


def _is_known(name: str, text: str) -> bool:
    if any(one in text for one in _PUBLISHED):
        return True
    if not name.endswith(_RANDOM):
        return False
    # several are separated, and may have a prefix or an id in front
    keys = [one.rpartition(":")[2].removeprefix("whsec_") for one in re.split(r"[\s,]+", text.strip()) if one]
    return any(len(set(_decode(key))) < _FEWEST_DIFFERENT_BYTES for key in keys)


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return text.encode()
