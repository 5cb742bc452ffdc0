"""The launcher with the real processes and servers of this run."""

import json
import stat
from pathlib import Path

import pytest

from deploy.local.errors import LocalSuiteError
from deploy.local.state import running_state
from deploy.local.suite import LocalSuite
from deploy.local.waiting import is_ready, wait_until

BACK_WITHIN = 60.0
"""Seconds for a killed process to answer again: 4 on an idle machine."""


@pytest.mark.timeout(300)  # starts the whole suite, catalogues included
def test_every_process_of_a_started_suite_is_ready(suite: LocalSuite) -> None:
    assert all(is_ready(url) for url in suite.ports.ready_urls().values())


@pytest.mark.parametrize("name", ["rpc", "worker", "relay", "page", "gateway"])
@pytest.mark.timeout(300)
def test_a_killed_process_is_back_and_ready_at_the_same_address(suite: LocalSuite, name: str) -> None:
    url, old = suite.ports.ready_urls()[name], suite.kill(name)
    assert wait_until(lambda: suite.processes[name] != old and is_ready(url), BACK_WITHIN)


@pytest.mark.timeout(300)
def test_with_the_process_that_forks_the_others_all_of_them_come_back(suite: LocalSuite) -> None:
    old, forked = suite.processes, ("rpc", "relay", "page", "sandbox", "gateway")
    suite.kill("prefork")
    assert wait_until(lambda: not {suite.processes[name] for name in forked} & {*old.values()}, BACK_WITHIN)
    assert wait_until(lambda: all(is_ready(url) for url in suite.ports.ready_urls().values()), BACK_WITHIN)
    assert suite.processes["worker"] == old["worker"]


@pytest.mark.timeout(300)
def test_the_description_names_the_processes_that_run_now(suite: LocalSuite) -> None:
    old = suite.kill("sandbox")
    assert wait_until(lambda: suite.processes["sandbox"] != old, BACK_WITHIN)
    description = suite.state.description
    assert wait_until(lambda: json.loads(description.read_text())["processes"] == suite.processes, BACK_WITHIN)
    assert stat.S_IMODE(description.stat().st_mode) == 0o600
    assert (running_state(suite.state.folder) or {})["portal_url"] == suite.ports.portal_url


@pytest.mark.timeout(300)
def test_a_second_suite_in_the_same_folder_says_where_the_first_is(suite: LocalSuite) -> None:
    with pytest.raises(LocalSuiteError, match=f"runs already .* {suite.ports.portal_url}"):
        LocalSuite(suite.state.folder).start()
    assert running_state(suite.state.folder)


@pytest.mark.timeout(300)
def test_a_busy_port_is_said_before_anything_starts(suite: LocalSuite, tmp_path: Path) -> None:
    second = LocalSuite(tmp_path, port=suite.ports.gateway)
    with pytest.raises(LocalSuiteError, match=f"port {suite.ports.gateway} is busy; set PORT"):
        second.start()
    assert not second.processes
