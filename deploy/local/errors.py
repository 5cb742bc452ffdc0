"""The one error of the launcher: something that the person at the terminal has to put right."""


class LocalSuiteError(Exception):
    """The suite cannot start or go on; the message is one sentence that says what to do about it."""
