"""Key-encryption keys that a key management service keeps: AWS KMS, or another with its protocol (docs/adr/0043).

The settings hold each key as the service wrapped it. A process has it opened when it first needs it and keeps it in
memory, so that values are sealed and opened without the network; from time to time it asks again whether it still may.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from chassis import telemetry
from chassis.crypto import KEY_BYTES, KeyProvider, KeyUnavailable, LocalKey

# A key that was disabled, or a right that was taken away, takes effect within so many seconds in every process; each
# key and process costs the service twelve requests an hour.
FRESH_SECONDS = 5 * 60.0
# While the service is away, a key that it opened stays in use for so long. Its longest outages took most of a day; a
# key that nobody can take back should not be kept for longer than one is noticed.
LONGEST_SECONDS = 12 * 3600.0
# Who finds it away does not ask again at once: the next requests do not wait for its time-outs.
PAUSE_SECONDS = 30.0
# A request that opens a key answers in milliseconds; a person waits on a page for whoever needs it.
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 1.0, 2.0, 2
# What says that the service has a fault or is busy, and nothing of the key.
_PASSING = frozenset(
    {
        "ThrottlingException",
        "DependencyTimeoutException",
        "KMSInternalException",
        "InternalFailure",
        "ServiceUnavailable",
    }
)


class ServiceAway(Exception):
    """No answer, or one that says nothing of the key."""


class KeyRefused(Exception):
    """The service does not open the key: it is disabled, not ours, or damaged. ``code``: the service's own."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class KeyManagement(Protocol):
    """Opens what it wrapped; ``context``: what was told when it was wrapped, and has to be told again."""

    def decrypt(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """Raises ServiceAway or KeyRefused."""
        ...


@dataclass(frozen=True)
class KmsClient:
    """Over the protocol of AWS KMS. Without a key of its own: as boto3 finds one on the machine or in the pod."""

    region: str
    endpoint: str = ""
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)

    @cached_property
    def _client(self) -> Any:
        # here, since it takes a tenth of a second and some megabytes, and most installations have local keys
        import boto3
        from botocore.config import Config

        retries = {"total_max_attempts": ATTEMPTS, "mode": "standard"}
        return boto3.client(
            "kms",
            region_name=self.region or None,
            endpoint_url=self.endpoint or None,
            aws_access_key_id=self.access_key or None,
            aws_secret_access_key=self.secret_key or None,
            config=Config(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries=retries),
        )

    def decrypt(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer = self._client.decrypt(CiphertextBlob=wrapped, EncryptionContext=dict(context))
        except ClientError as refused:
            code = str(refused.response.get("Error", {}).get("Code", ""))
            status = int(refused.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
            if code in _PASSING or status >= 500:
                raise ServiceAway(code) from None
            raise KeyRefused(code) from None
        except BotoCoreError as error:
            raise ServiceAway(type(error).__name__) from None
        return bytes(answer["Plaintext"])


class ManagedKey:
    """One key of the service, opened when needed; a ``KeyProvider`` of a single key, safe for several threads."""

    def __init__(
        self,
        service: KeyManagement,
        wrapped: bytes,
        key_id: str,
        context: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.current = key_id
        self._service = service
        self._wrapped = wrapped
        self._context = context
        self._clock = clock
        self._asking = threading.Lock()
        self._opened: LocalKey | None = None
        self._derived: dict[str, LocalKey] = {}
        self._ask_at = self._forget_at = -math.inf
        self._why = ""

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        return self.open().wrap(data_key, context)

    def unwrap(self, wrapped: bytes, context: bytes, key_id: str) -> bytes:
        return self.open().unwrap(wrapped, context, key_id)

    def for_purpose(self, purpose: str) -> KeyProvider:
        return _ManagedKeyOfPurpose(self, purpose)

    def open(self) -> LocalKey:
        """The key itself; asks the service where it was not asked for a while. Raises KeyUnavailable."""
        if (opened := self._opened) and self._clock() < self._ask_at:
            return opened
        # one asks; the others go on with what they have, if they have anything
        if not self._asking.acquire(blocking=self._opened is None):
            return self._kept()
        try:
            if self._clock() >= self._ask_at:
                self._ask()
            return self._kept()
        finally:
            self._asking.release()

    def open_for(self, purpose: str) -> LocalKey:
        opened = self.open()
        derived = self._derived.get(purpose)
        if derived is None:
            derived = self._derived[purpose] = opened.for_purpose(purpose)
        return derived

    def _ask(self) -> None:
        now = self._clock()
        try:
            plain = self._service.decrypt(self._wrapped, self._context)
            if len(plain) != KEY_BYTES:
                raise KeyRefused("NotAKey")
        except ServiceAway as away:
            telemetry.get_logger().warning("key management does not answer", key_id=self.current, reason=str(away))
            self._why = "cannot be had: its key management service does not answer"
            self._ask_at = now + PAUSE_SECONDS
        except KeyRefused as refused:
            telemetry.get_logger().error("key management refuses", key_id=self.current, code=refused.code)
            self._forget()
            self._why = f"is refused by its key management service ({refused.code})"
            self._ask_at = now + PAUSE_SECONDS
        else:
            self._opened = self._opened or LocalKey(plain, self.current)
            self._ask_at, self._forget_at = now + FRESH_SECONDS, now + LONGEST_SECONDS

    def _kept(self) -> LocalKey:
        if (opened := self._opened) and self._clock() < self._forget_at:
            return opened
        self._forget()
        raise KeyUnavailable(self.current, self._why)

    def _forget(self) -> None:
        self._opened = None
        self._derived.clear()


class _ManagedKeyOfPurpose:
    def __init__(self, key: ManagedKey, purpose: str) -> None:
        self.current = key.current
        self._key = key
        self._purpose = purpose

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        return self._key.open_for(self._purpose).wrap(data_key, context)

    def unwrap(self, wrapped: bytes, context: bytes, key_id: str) -> bytes:
        return self._key.open_for(self._purpose).unwrap(wrapped, context, key_id)

    def for_purpose(self, purpose: str) -> KeyProvider:
        return _ManagedKeyOfPurpose(self._key, f"{self._purpose}/{purpose}")
