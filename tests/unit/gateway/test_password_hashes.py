"""What the database keeps of a password costs whoever has a copy of it as much as OWASP asks at least."""

from argon2 import Type, extract_parameters

from gateway.identity.passwords import Passwords

# OWASP, Password Storage Cheat Sheet: argon2id with 19 MiB, 2 iterations and 1 lane, or more.
LEAST_KIB, LEAST_TIME, LEAST_LANES = 19 * 1024, 2, 1


def test_a_password_is_hashed_as_slowly_as_owasp_asks() -> None:
    kept = extract_parameters(Passwords().hash("lantern otter crosswind"))
    assert (kept.type, kept.salt_len >= 16, kept.hash_len >= 32) == (Type.ID, True, True)
    assert kept.memory_cost >= LEAST_KIB
    assert kept.time_cost >= LEAST_TIME
    assert kept.parallelism >= LEAST_LANES
