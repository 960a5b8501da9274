"""A process that is killed holds nobody up for long, and people can release its lock."""

import json
import re
import signal
from pathlib import Path

import pytest

from tests.support.child import environment, finish, read_until, simulated, start

pytestmark = pytest.mark.slow

SCENARIO = """
version: 1
pace: {update: [0, 0]}
accounts: [{id: "123456789012"}]
clusters: [{name: "app-{n}", count: 2, region: eu-west-1, addon: v1.11.4-eksbuild.51}]
faults: [{kind: slow, seconds: 0.3, match: {operation: DescribeUpdate}}]
"""
APPLY = ("apply", "--all", "--lameduck", "20s", "--yes", "--max-concurrency", "1", "-o", "json")


def killed(env: dict[str, str]) -> str:
    """The id of a run whose process was killed at work."""
    child = start(*APPLY, env=env)
    err = read_until(child, ": updating")
    child.send_signal(signal.SIGKILL)
    child.communicate()
    found = re.search(r"^run (\S+)$", err, re.MULTILINE)
    assert found, err
    return found[1]


def of_another_machine(folder: Path) -> None:
    """The lock, as if another machine had written it."""
    (path,) = folder.rglob("lock.json")
    document = json.loads(path.read_text())
    for each in document["held"]:
        each["process"] = "another-machine/pid:[1] 7 500"
    path.write_text(json.dumps(document))


def test_a_user_who_resumes_a_run_that_was_killed_here_does_not_wait(tmp_path: Path) -> None:
    with simulated(SCENARIO) as (world, url):
        env = dict(environment(tmp_path, url))
        run = killed(env)
        code, out, err = finish(start("resume", run, "-o", "json", env=env))
    assert code == 0, err
    assert json.loads(out)["summary"]["changed"] == 2
    assert world.calls.counts["UpdateAddon"] == 2


@pytest.mark.parametrize("is_sure", [True, False])
def test_the_lock_of_another_machine_is_released_by_a_user_who_is_sure(
    is_sure: bool, tmp_path: Path
) -> None:  # a case
    with simulated(SCENARIO) as (_, url):
        env = dict(environment(tmp_path, url))
        run = killed(env)
        of_another_machine(tmp_path)
        code, _, err = finish(start("resume", run, env=env))
        assert code == 5
        assert f"eksdns unlock {run}" in err
        code, _, err = finish(start("unlock", run, *(["--yes"] if is_sure else []), env=env))
        assert "two processes may write to the same clusters" in err
        assert code == (0 if is_sure else 5)
        code, out, _ = finish(start("resume", run, "-o", "json", env=env))
        assert code == (0 if is_sure else 5)
        assert not is_sure or json.loads(out)["summary"]["changed"] == 2


def test_a_run_that_holds_nothing_needs_no_unlocking(tmp_path: Path) -> None:
    with simulated(SCENARIO) as (_, url):
        env = environment(tmp_path, url)
        _, out, _ = finish(start(*APPLY, env=env))
        run = json.loads(out)["runId"]
        code, _, err = finish(start("unlock", run, env=env))
        assert (code, err) == (0, f"run {run} holds no lock\n")
        code, _, err = finish(start("unlock", "no-such-run", env=env))
        assert code == 64
        assert "run no-such-run not found in" in err
