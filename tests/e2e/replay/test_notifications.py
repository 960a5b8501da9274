"""The workflows tell a webhook or a command about runs and drift."""

import hmac
import json
import sys

import pytest

from tests.support.github.stage import logs, results
from tests.support.network.loopback import Reply, Seen, loopback

pytestmark = pytest.mark.e2e

SECRET = {"notify-secret": "s3cret"}


def event(seen: Seen) -> dict[str, object]:
    """What was sent; the signature proves it."""
    expected = "sha256=" + hmac.new(b"s3cret", seen.body, "sha256").hexdigest()
    assert seen.headers["x-eksdns-signature"] == expected
    found: dict[str, object] = json.loads(seen.body)
    return found


def test_each_result_of_rollout_resume_operation_and_drift_is_sent_signed(staged):
    stage = staged(soak="soak: 1h")
    stage.secrets = SECRET
    with loopback(lambda _: Reply(b"")) as server:
        url = {"notify-url": f"{server.url}/hook"}
        drift = stage.call("eksdns-drift.yml", **url)
        assert "s3cret" not in logs(drift)
        stage.call("eksdns-rollout.yml", **url)
        stage.clock.advance(3600)
        stage.call("eksdns-resume.yml", **url)
        stage.operate("rollback", **url)
        told = [event(seen) for seen in server.seen]
    assert (told[0]["report"], {one["report"] for one in told[1:]}) == ("drift", {"run"})
    assert [one["state"] for one in told[1:]] == ["paused", "paused", "paused", "rolled_back"]
    assert "wave canary is soaking" in str(told[1]["reason"])
    jobs = [str(one["url"]).removeprefix("https://github.com/acme/dns/actions/runs/") for one in told]
    assert jobs == ["42", "43", "44", "44", "45"]


def test_a_command_gets_the_event_and_its_failure_fails_no_job(staged):
    stage = staged()
    hook = stage.folder / "repository" / "hook.py"
    target = str(stage.folder / "told")
    hook.write_text(f"import sys\nopen({target!r}, 'a').write(sys.stdin.read() + chr(10))\nsys.exit(1)")
    rollout = stage.call("eksdns-rollout.yml", **{"notify-command": f"{sys.executable} hook.py"})
    assert set(results(rollout).values()) == {"success"}
    assert "the notification was not delivered" in logs(rollout)
    told = [json.loads(line)["state"] for line in (stage.folder / "told").read_text().splitlines()]
    assert told[-1] == "succeeded"


def test_a_url_without_the_secret_is_refused_before_anything_is_written(staged):
    stage = staged()
    rollout = stage.call("eksdns-rollout.yml", **{"notify-url": "https://hooks.acme.example/dns"})
    assert (results(rollout), stage.updated) == ({"wave-1": "failure"}, [])
    assert "EKSDNS_NOTIFY_SECRET" in logs(rollout)
