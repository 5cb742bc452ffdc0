"""What may be a password: long enough, and not among the first that anybody would try (NIST SP 800-63B-4, 3.1.1.2)."""

from __future__ import annotations

from chassis.kernel import InvalidInput

# NIST asks for 15 where nothing but a password is asked for, and for 8 beside a second factor, which people may add; a
# guess is bounded by FEWEST_GUESSES besides. argon2 takes any length: a longer "password" only keeps us busy.
SHORTEST, LONGEST = 8, 256
# zxcvbn's estimate of the guesses until a password is found, from 30,000 common ones, names, words, dates and patterns.
# With five tries in a quarter of an hour (``sign_in``), a million take five years.
FEWEST_GUESSES = 1_000_000
# The estimate takes time that grows with the square of the length; what is longer is no common password.
JUDGED_LENGTH = 72
_ADVICE = f"Use {SHORTEST} characters or more. Several words that do not belong together are easy to remember."


def refuse_weak_password(password: str, field: str, personal: tuple[str, ...]) -> None:
    """InvalidInput at ``field`` for a password that is too short, too long or soon guessed.

    ``personal``: what an attacker knows of the person, such as name and address. Takes some milliseconds.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        told = "at least {SHORTEST}" if len(password) < SHORTEST else f"at most {LONGEST}"
        raise InvalidInput.at(field, f"Enter {told.format(SHORTEST=SHORTEST)} characters.")
    if len(password) <= JUDGED_LENGTH and _guesses(password, personal) < FEWEST_GUESSES:
        raise InvalidInput.at(field, f"This password is easy to guess. {_ADVICE}")


def _guesses(password: str, personal: tuple[str, ...]) -> float:
    from zxcvbn import zxcvbn  # brings its lists of words, which only those who choose a password need

    known = [part for text in personal for part in {text, *text.replace("@", " ").replace(".", " ").split()}]
    return float(zxcvbn(password, user_inputs=known)["guesses"])
