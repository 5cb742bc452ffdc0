"""Keys of a key management service: kept for a while, asked for again, given up when the service refuses."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from chassis.crypto import DecryptionFailed, FieldCipher, KeyRing, KeyUnavailable, LocalKey
from chassis.key_management import FRESH_SECONDS, LONGEST_SECONDS, PAUSE_SECONDS, KeyRefused, ManagedKey, ServiceAway

KEY = bytes(range(32))
CONTEXT = {"service": "enrollment", "key": "2027"}


@dataclass
class Service:
    """Gives the key, or says no, or says nothing."""

    fault: Exception | None = None
    asked: int = 0
    plain: bytes = KEY
    answers: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.answers.set()

    def decrypt(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        self.asked += 1
        assert (wrapped, context) == (b"wrapped", CONTEXT)
        self.answers.wait(20)
        if self.fault:
            raise self.fault
        return self.plain


@dataclass
class Time:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Room:
    """A value that was sealed under the key, and the time and the service that decide whether it opens."""

    service: Service = field(default_factory=Service)
    time: Time = field(default_factory=Time)

    def __post_init__(self) -> None:
        self.key = ManagedKey(self.service, b"wrapped", "2027", CONTEXT, self.time)
        self.cipher = FieldCipher(self.key, "person", "ssn")
        self.sealed = FieldCipher(LocalKey(KEY, "2027"), "person", "ssn").encrypt("078-05-1120", "1")

    def read(self) -> str:
        return self.cipher.decrypt(self.sealed, "1")


def test_it_is_opened_once_and_asked_for_again_after_a_while() -> None:
    room = Room()
    assert room.service.asked == 0, "not before it is needed"
    for _ in range(3):
        assert room.read() == "078-05-1120"
    assert room.service.asked == 1
    room.time.now += FRESH_SECONDS
    room.read()
    assert room.service.asked == 2


def test_values_are_read_while_the_service_is_away_and_not_forever() -> None:
    room = Room()
    room.read()
    room.service.fault = ServiceAway("ConnectTimeoutError")
    room.time.now += FRESH_SECONDS
    for _ in range(3):
        assert room.read() == "078-05-1120"
    assert room.service.asked == 2, "nobody waits for it twice in a row"
    room.time.now += PAUSE_SECONDS
    assert room.read() and room.service.asked == 3
    room.time.now += LONGEST_SECONDS
    with pytest.raises(KeyUnavailable, match="key 2027 cannot be had: its key management service does not answer"):
        room.read()
    room.service.fault, room.time.now = None, room.time.now + PAUSE_SECONDS
    assert room.read() == "078-05-1120", "it goes on by itself"


def test_what_was_never_opened_waits_for_the_service_without_asking_at_every_request() -> None:
    room = Room(Service(ServiceAway("ReadTimeoutError")))
    for _ in range(3):
        with pytest.raises(KeyUnavailable, match="does not answer"):
            room.read()
    assert room.service.asked == 1
    with pytest.raises(KeyUnavailable):
        room.cipher.encrypt("another", "2")


@pytest.mark.parametrize("code", ["DisabledException", "AccessDeniedException", "InvalidCiphertextException"])
def test_a_key_that_is_refused_is_dropped_at_the_next_look(code: str) -> None:
    room = Room()
    room.read()
    room.service.fault = KeyRefused(code)
    assert room.read(), "until it is asked for again"
    room.time.now += FRESH_SECONDS
    with pytest.raises(KeyUnavailable, match=rf"key 2027 is refused by its key management service \({code}\)"):
        room.read()
    room.service.fault, room.time.now = None, room.time.now + PAUSE_SECONDS
    assert room.read() == "078-05-1120", "enabled again"


def test_what_is_no_key_is_refused() -> None:
    with pytest.raises(KeyUnavailable, match="NotAKey"):
        Room(Service(plain=b"short")).read()


def test_while_one_asks_the_others_read() -> None:
    room = Room()
    room.read()
    room.service.answers.clear()
    room.time.now += FRESH_SECONDS
    asking = threading.Thread(target=room.read)
    asking.start()
    try:
        while room.service.asked < 2:
            pass
        assert [room.read() for _ in range(3)] == ["078-05-1120"] * 3
        assert room.service.asked == 2
    finally:
        room.service.answers.set()
        asking.join(20)


def test_each_purpose_has_keys_of_its_own() -> None:
    room = Room()
    purposes = [room.key, room.key.for_purpose("birth dates"), room.key.for_purpose("documents")]
    ciphers = [FieldCipher(keys, "person", "ssn") for keys in purposes]
    for mine in ciphers:
        sealed = mine.encrypt("078-05-1120", "1")
        opened = 0
        for other in ciphers:
            try:
                opened += other.decrypt(sealed, "1") == "078-05-1120"
            except DecryptionFailed:
                assert other is not mine
        assert opened == 1
    assert room.service.asked == 1


def test_a_key_for_a_purpose_is_the_same_whoever_keeps_the_key() -> None:
    local = FieldCipher(LocalKey(KEY, "2027").for_purpose("birth dates"), "person", "born")
    managed = FieldCipher(Room().key.for_purpose("birth dates"), "person", "born")
    assert managed.decrypt(local.encrypt("1987-06-14", "1"), "1") == "1987-06-14"


def test_a_ring_may_have_both_kinds() -> None:
    room = Room()
    ring = KeyRing([room.key, LocalKey(bytes(32), "2026")])
    cipher = FieldCipher(ring, "person", "ssn")
    old = FieldCipher(LocalKey(bytes(32), "2026"), "person", "ssn").encrypt("x", "1")
    assert cipher.decrypt(old, "1") == "x"
    assert room.service.asked == 0
    again = cipher.rewrap(old, "1")
    assert cipher.decrypt(again, "1") == "x"
    assert room.service.asked == 1
