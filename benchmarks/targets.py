"""All targets: what ``make bench`` and ``make bench-compare`` print side by side with what they measured.

A ratio to the commit before is that of this code to that commit; below 1, this code uses less.
"""

from __future__ import annotations

from benchmarks.measurement import Bound, Target

# The commit before the suite was made cheaper, which the ratios are about.
BEFORE = "9e8e36f"
BACKLOG, RATED_WORKERS = 2_000, 2
BENCH = "make bench"
COMPARE = f"make bench-compare REF={BEFORE}"
SUBMISSIONS = f"python -m benchmarks.submissions {BACKLOG} --workers 1 2 --way 'as a backlog'"
IMPORTING = f"python -m benchmarks.importing {BEFORE}"
DIRECTORY = "python -m benchmarks.directory"
PAGES = "python -m benchmarks.pages"
SECURITY = "python -m benchmarks.security"

OVER_HTTP, AS_A_BACKLOG = WAYS = ("over HTTP", "as a backlog")
SAME, ANOTHER = HOUSEHOLDS = ("the same household", "another each time")


def _at_least(what: str, goal: float, command: str) -> Target:
    return Target(what, Bound.AT_LEAST, goal, command)


def _at_most(what: str, goal: float, command: str) -> Target:
    return Target(what, Bound.AT_MOST, goal, command)


SUBMISSION_COST = {
    way: _at_most(f"processor time of a submission {way}, to that before", 0.40, COMPARE) for way in WAYS
}
COST_WITHOUT_PDF = {way: _at_most(f"the same {way} without typesetting", 0.22, COMPARE) for way in WAYS}
SUBMISSION_RATE = {
    way: _at_least(f"submissions a second {way}, {RATED_WORKERS} workers, to that before", 2.5, COMPARE) for way in WAYS
}
FAILED_ATTEMPTS = _at_most(f"attempts failed in a backlog of {BACKLOG:,}", 0, SUBMISSIONS)
REST = _at_most("processor time at rest, to that before", 0.15, COMPARE)
# Two looks at the same code at rest differ by as much: medians of a few milliseconds each.
EVENT_LATENCY = _at_most("way of an event from outbox to subscriber at rest, to that before", 1.1, COMPARE)
SEARCH_COST = {
    one: _at_most(f"processor time of a plan search, {one}, to that before", 0.33, COMPARE) for one in HOUSEHOLDS
}
LATE_SEARCHES = {one: _at_most(f"plan searches, {one}: p99 to p50", 3, BENCH) for one in HOUSEHOLDS}
BESIDE_STARLETTE = {
    one: _at_least(f"plan searches a second, {one}, to bare Starlette over grpc.aio", 0.75, BENCH) for one in HOUSEHOLDS
}
BESIDE_NAMEKO = _at_least("plan searches a second, the same household, to nameko HTTP and RPC", 2.5, BENCH)
IMPORT_SPEED = _at_least("rate file: rows a second of processor time, to those before", 4, IMPORTING)
IMPORT_MEMORY = _at_most("rate file: peak memory, to that before", 1.7, IMPORTING)
WARM_START = _at_most("processor time of a warm start, to that before", 0.5, COMPARE)
MEMORY_AT_REST = _at_most("memory of all processes at rest (unique), to that before", 0.6, COMPARE)
RATING_CORE = _at_least("a household's rating, times as fast as the Decimal loop", 20, BENCH)
CENSUS = _at_least("a census, times as fast as the Decimal loop", 50, BENCH)
CENSUS_BESIDE_POLARS = _at_least("a census, times as fast as polars", 3, BENCH)
# No worse; two runs of the same code differ by some percent.
RATING_CORE_BEFORE = _at_most("processor time of a household's rating, to that before", 1.05, COMPARE)
CENSUS_BEFORE = _at_most("processor time of a census, to that before", 1.05, COMPARE)
ASSIGNMENT = _at_most("assignment at 100,000 providers a network, to that at 100", 1.2, DIRECTORY)
DIRECTORY_IMPORT = _at_least("provider directory: entries a second, to those before", 3, DIRECTORY)
DIRECTORY_MEMORY = _at_most("provider directory: peak memory of an import, MB", 200, DIRECTORY)
DIRECTORY_SEARCH = _at_least("provider search: times less processor time than before", 10, DIRECTORY)
DIRECTORY_LATE = _at_most("provider search: slowest p99 within 25 miles, ms", 30, DIRECTORY)
DOCUMENT = _at_least("an application's PDF: bare typst's processor time to it", 0.9, BENCH)
CARRIER_FILE = _at_least("an 834 file of a day, times as fast as pyx12 checks it", 20, BENCH)
LISTS = _at_most("lists at 100,000 applications: slowest p99, ms", 50, BENCH)
PAGE = _at_most("pages at 100,000 applications: slowest p95, ms", 50, PAGES)
PROTECTED_SEARCHES = {
    one: _at_least(f"plan searches a second, {one}, to those without audit, TLS and limits", 0.9, SECURITY)
    for one in HOUSEHOLDS
}
PROTECTED_SUBMISSIONS = {
    way: _at_least(f"submissions a second {way}, to those without audit, TLS and limits", 0.9, SECURITY) for way in WAYS
}

TARGETS = (
    *SUBMISSION_COST.values(),
    *COST_WITHOUT_PDF.values(),
    *SUBMISSION_RATE.values(),
    FAILED_ATTEMPTS,
    REST,
    EVENT_LATENCY,
    *SEARCH_COST.values(),
    *LATE_SEARCHES.values(),
    *BESIDE_STARLETTE.values(),
    BESIDE_NAMEKO,
    IMPORT_SPEED,
    IMPORT_MEMORY,
    WARM_START,
    MEMORY_AT_REST,
    RATING_CORE,
    RATING_CORE_BEFORE,
    CENSUS,
    CENSUS_BEFORE,
    CENSUS_BESIDE_POLARS,
    ASSIGNMENT,
    DIRECTORY_IMPORT,
    DIRECTORY_MEMORY,
    DIRECTORY_SEARCH,
    DIRECTORY_LATE,
    DOCUMENT,
    CARRIER_FILE,
    LISTS,
    PAGE,
    *PROTECTED_SEARCHES.values(),
    *PROTECTED_SUBMISSIONS.values(),
)
