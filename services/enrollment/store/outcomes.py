"""Store: who waits for the outcome of a submission is told by the database."""

from __future__ import annotations

from chassis.db import Database, NotifiedKeys

# On which the database tells, with the record number, that a submission has its outcome (migration 0021).
OUTCOME_CHANNEL = "submission_outcome"


def listen_for_outcomes(database: Database) -> NotifiedKeys:
    """The port ``usecases.ports.SubmissionOutcomes``; listens while somebody waits."""
    return NotifiedKeys(database, OUTCOME_CHANNEL)
