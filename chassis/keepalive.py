"""How soon a peer that is gone without a word is noticed, as after a cut network or a power cut.

The operating systems of both ends answer probes, so whatever their processes do, a machine that is merely busy is not
taken for one that is gone. Connections of ours are given up within eight seconds: a person who waits for a submission
is then answered before its deadline, over a new connection.
"""

from __future__ import annotations

# Seconds without a word before the first probe, between two of them, and how many may stay unanswered.
PROBE_AFTER_SECONDS = 4
PROBE_EVERY_SECONDS = 2
PROBES = 2
# What was sent and is acknowledged by nobody; probes alone do not count it.
UNACKNOWLEDGED_SECONDS = 8
