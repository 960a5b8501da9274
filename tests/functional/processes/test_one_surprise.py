"""What goes wrong in one target's task, or in what is only shown, ends neither the others nor the run."""

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from eksaddon.domain.errors import ExitCode
from eksaddon.sim.http.messages import Delivery, Handler, Request
from eksaddon.sim.world import World
from tests.support.child import environment, finish, simulated, start

pytestmark = pytest.mark.slow

SCENARIO = """
version: 1
pace: {update: [0, 0]}
accounts: [{id: "123456789012"}]
clusters: [{name: "app-{n}", count: 4, region: eu-west-1, addon: v1.11.4-eksbuild.51}]
"""
APPLY = ("apply", "--all", "--lameduck", "20s", "--yes", "-o", "json")
BUG = """
from eksaddon.aws.eks import EksAddons
found = EksAddons.{method}
def buggy(self, ref, *rest):
    if ref.name == "app-2":
        raise ZeroDivisionError("planted")
    return found(self, ref, *rest)
EksAddons.{method} = buggy
"""


def run_of(err: str) -> str:
    found = re.search(r"^run (\S+)$", err, re.MULTILINE)
    assert found, err
    return found[1]


def updated(world: World) -> int:
    return world.calls.counts.get("UpdateAddon", 0)


@pytest.mark.parametrize(
    ("method", "updates"),
    [pytest.param("update", 3, id="before the request"), pytest.param("describe_update", 4, id="after it")],
)
def test_a_bug_in_one_targets_task_is_that_targets_outcome(method: str, updates: int, tmp_path: Path) -> None:
    with simulated(SCENARIO) as (world, url):
        args = (*APPLY, "--failure-tolerance", "9")
        child = start(*args, env=environment(tmp_path, url), before=BUG.format(method=method))
        code, out, err = finish(child)
    assert code == ExitCode.BUG
    document = json.loads(out)
    counts = document["summary"]
    assert (counts["targets"], counts["changed"]) == (4, 3)
    (bad,) = (one for one in document["clusters"] if one["outcome"] != "changed")
    assert bad["name"] == "app-2"
    assert bad["cause"] == "internal-error"
    assert updated(world) == updates
    (traceback,) = (tmp_path / "state").rglob("tracebacks/*.txt")
    assert "ZeroDivisionError: planted" in traceback.read_text()
    assert traceback.stat().st_mode & 0o077 == 0
    assert str(traceback) in err
    assert "this is a bug in eksdns" in err
    assert "\nhint: " in err
    assert "\\n" not in err
    assert f"eksdns retry {run_of(err)} --failed" in err


def test_a_bug_outside_targets_follows_started_updates_and_prints_the_next_step(tmp_path: Path) -> None:
    bug = """
import eksaddon.apply.engine as engine
decide, seen = engine.decide, []
def buggy(*args):
    seen.append(1)
    if len(seen) > 2:
        raise ZeroDivisionError("planted")
    return decide(*args)
engine.decide = buggy
"""
    with simulated(SCENARIO) as (world, url):
        child = start(*APPLY, "--max-concurrency", "2", env=environment(tmp_path, url), before=bug)
        code, _, err = finish(child)
        assert code == ExitCode.BUG
        run = run_of(err)
        assert f"eksdns resume {run}" in err
        assert err.count(": changed") == updated(world) > 0, "what was started was followed to its end"
        code, out, err = finish(start("resume", run, "-o", "json", env=environment(tmp_path, url)))
        assert (code, json.loads(out)["summary"]["changed"]) == (0, 4)
        assert updated(world) == 4


@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "its reader gone"])
def test_no_one_needs_to_read_the_messages_of_a_run(is_closed: bool, tmp_path: Path) -> None:
    with simulated(SCENARIO) as (world, url):
        env = environment(tmp_path, url)
        if is_closed:
            child = start(*APPLY, env=env, stderr=None, preexec_fn=lambda: os.close(2))  # type: ignore[arg-type]
        else:
            reading, writing = os.pipe()
            os.close(reading)
            child = start(*APPLY, env=env, stderr=writing)
            os.close(writing)
        code, out, _ = finish(child)
    assert code == 0
    assert json.loads(out)["summary"]["changed"] == 4
    assert updated(world) == 4


def test_a_reader_of_events_may_go_away(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with simulated(SCENARIO) as (world, url):
        child = start(
            *APPLY, "--max-concurrency", "1", "--events", f"/dev/fd/{writing}",
            env=environment(tmp_path, url), pass_fds=(writing,),
        )  # fmt: skip
        os.close(writing)
        with open(reading, encoding="utf-8") as events:  # noqa: PTH123  # a descriptor
            assert json.loads(events.readline())["type"] == "Opened"
        code, out, err = finish(child)
    assert code == 0
    assert json.loads(out)["summary"]["changed"] == 4
    assert err.count("writing events to") == 1
    assert "the run continues" in err
    assert updated(world) == 4


def full_pipe() -> tuple[int, int]:
    """A pipe that takes nothing more, because nobody reads it."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writing, bytes(4096))
    os.set_blocking(writing, True)
    return reading, writing


@pytest.mark.parametrize("what", ["stderr", "events"])
def test_a_reader_that_is_stuck_never_holds_a_run(what: str, tmp_path: Path) -> None:
    reading, writing = full_pipe()
    with simulated(SCENARIO) as (world, url):
        env = environment(tmp_path, url)
        if what == "stderr":
            child = start(*APPLY, env=env, stderr=writing)
        else:
            child = start(*APPLY, "--events", f"/dev/fd/{writing}", env=env, pass_fds=(writing,))
        os.close(writing)
        code, out, err = finish(child)
        os.close(reading)
    assert code == 0
    assert json.loads(out)["summary"]["changed"] == 4
    assert ("the reader does not read; the run continues" in err) is (what == "events")
    assert updated(world) == 4


def test_events_for_a_disk_that_is_full_are_dropped(tmp_path: Path) -> None:
    with simulated(SCENARIO) as (world, url):
        code, out, err = finish(start(*APPLY, "--events", "/dev/full", env=environment(tmp_path, url)))
    assert code == 0
    assert json.loads(out)["summary"]["changed"] == 4
    assert err.count("No space left on device") == 1
    assert updated(world) == 4


def test_a_display_with_a_bug_ends_nothing(tmp_path: Path) -> None:
    bug = """
from eksaddon.cli.run_view import RunView
def buggy(*_):
    raise ZeroDivisionError("planted")
RunView.event = RunView.watch = buggy
"""
    with simulated(SCENARIO) as (world, url):
        code, out, err = finish(start(*APPLY, env=environment(tmp_path, url), before=bug))
    assert code == 0
    assert json.loads(out)["summary"]["changed"] == 4
    assert err.count("the progress display stopped: ZeroDivisionError: planted") == 1
    assert updated(world) == 4


PROGRAM = """#!{python}
import datetime, json, pathlib
if pathlib.Path({broken!r}).exists():
    print({then!r})
else:
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes={minutes})
    keys = {{"Version": 1, "AccessKeyId": "k", "SecretAccessKey": "s"}}
    print(json.dumps({{**keys, "Expiration": soon.isoformat()}}))
"""


@pytest.mark.parametrize(
    ("then", "cause"),
    [
        pytest.param("nonsense", "cannot be read", id="no JSON"),
        pytest.param('["a list"]', "cannot be read", id="no object"),
        pytest.param('{"Version": 1}', "no-credentials", id="no keys"),
        pytest.param(
            '{"Version": 1, "AccessKeyId": "k", "SecretAccessKey": "s", "Expiration": "2020-01-01T00Z"}',
            "credentials-expired",
            id="expired keys",
        ),
    ],
)
def test_a_credential_process_that_fails_meanwhile_pauses_the_run(
    then: str, cause: str, tmp_path: Path
) -> None:
    """Keys with five minutes left are refreshed for every request (source: botocore, mandatory refresh)."""
    program = tmp_path / "program"
    broken = tmp_path / "broken"
    text = PROGRAM.format(python=sys.executable, broken=str(broken), then=then, minutes=5)
    program.write_text(text)
    program.chmod(0o700)
    seen: list[str] = []
    broken_once: list[str] = []

    def break_between_two_updates(handler: Handler) -> Handler:
        """The keys go with the read that verifies the first update: the second target is not read again."""

        def handle(request: Request) -> Delivery:
            is_between = any(each.endswith("/update") for each in seen) and not broken_once
            if is_between and request.target.endswith("/app-1/addons/coredns"):
                broken.touch()
                broken_once.append(request.target)
            seen.append(request.target)
            return handler(request)

        return handle

    config = tmp_path / "config"
    config.write_text(f"[default]\ncredential_process = {program}\n")
    with simulated(SCENARIO, break_between_two_updates) as (world, url):
        env = environment(tmp_path, url, AWS_CONFIG_FILE=str(config))
        env = {name: value for name, value in env.items() if "KEY" not in name}
        code, out, err = finish(start(*APPLY, "--max-concurrency", "1", env=env))
        assert code == ExitCode.PAUSED, err
        counts = json.loads(out)["summary"]
        assert counts["targets"] == 4
        assert counts["changed"] < 4
        assert cause in err
        assert not list(tmp_path.rglob("tracebacks/*"))
        run = run_of(err)
        assert f"eksdns resume {run}" in err
        broken.unlink()
        code, out, err = finish(start("resume", run, "-o", "json", env=env))
    assert code == 0, err
    assert json.loads(out)["summary"]["changed"] == 4
    assert updated(world) == 4


def test_a_result_that_cannot_be_written_still_says_how_to_continue(tmp_path: Path) -> None:
    scenario = SCENARIO + "faults: [{kind: denied, match: {operation: UpdateAddon, cluster: app-1}}]\n"
    with simulated(scenario) as (_, url), Path("/dev/full").open("w") as full:
        child = start(*APPLY, env=environment(tmp_path, url), stdout=full)
        code, _, err = finish(child)
    assert code == ExitCode.ERROR
    assert "No space left on device" in err
    assert "this is a bug" not in err
    assert f"eksdns retry {run_of(err)} --failed" in err
    assert isinstance(child, subprocess.Popen)
