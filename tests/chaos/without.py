"""A process of the suite without a mechanism: ``python -m tests.chaos.without inbox services worker quote pcp``."""

import sys

_MECHANISM, sys.argv = sys.argv[1], sys.argv[2:]

import chassis.eventlet_patch  # noqa: F401, E402, I001  # before anything else, and by the arguments of the process itself

import runpy  # noqa: E402  # after the patch

from tests.chaos.mechanisms import WITHOUT  # noqa: E402  # after the patch

if __name__ == "__main__":
    WITHOUT[_MECHANISM]()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
