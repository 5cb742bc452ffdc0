"""``portal`` beside a running suite, with the settings of all its services."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from deploy.local.suite import LocalSuite

ROOT = Path(__file__).parents[2]
SERVICES = ("quote", "enrollment", "pcp", "payment", "documents")


def portal(suite: LocalSuite, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    own = {f"{name.upper()}_DATABASE_URL": suite.databases[name] for name in (*SERVICES, "gateway")}
    own |= {f"{name.upper()}_IDENTITY_KEY": suite.keys[f"identity.{name}"] for name in SERVICES}
    own |= {name: value for name, value in suite.keys.items() if name.isupper()}
    return subprocess.run(
        [sys.executable, "-m", "portal", *arguments],
        env={**os.environ, "SUITE_ENV": "local", **own},
        input=typed,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
