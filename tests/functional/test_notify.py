"""Notifications: a command or a signed webhook gets the event, and a failure of theirs fails nothing."""

import hmac
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from eksaddon.notify import webhook
from tests.support.network.loopback import Reply, Reset, Seen, loopback

SECRET = "s3cret"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COMMAND", "URL", "SECRET"):
        monkeypatch.delenv(f"EKSDNS_NOTIFY_{name}", raising=False)


def catching(folder: Path, code: int = 0) -> str:
    script = folder / "hook.py"
    script.write_text(
        f"import sys\nopen({str(folder / 'event.json')!r}, 'a').write(sys.stdin.read() + chr(10))\n"
        f"print('secret output'); sys.exit('it broke' if {code} else 0)\n"
    )
    return f"{sys.executable} {script}"


def events(folder: Path) -> list[dict[str, Any]]:
    path = folder / "event.json"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_drift_and_runs_are_told_with_counts_and_the_job(fleet, tmp_path, monkeypatch):
    monkeypatch.setenv("EKSDNS_NOTIFY_COMMAND", catching(tmp_path))
    ended = fleet.call("drift", "--cluster", "prod", "--replicas", "3")
    assert ended.code == 0, ended.err
    fleet.call("apply", "--cluster", "prod", "--replicas", "3", "--yes")
    drift, run = events(tmp_path)
    assert (drift["report"], drift["needsAttention"], drift["summary"]["drifted"]) == ("drift", True, 1)
    assert (run["report"], run["state"], run["targets"]) == ("run", "succeeded", 1)
    assert run["needsAttention"] is False
    assert run["url"] == "https://github.com/acme/dns/actions/runs/42"
    assert "secret output" not in ended.out


def test_what_needs_no_attention_and_is_no_run_is_not_told(fleet, tmp_path):
    hook = catching(tmp_path)
    for verb, cluster in (("plan", "prod"), ("drift", "auto")):
        assert fleet.call(verb, "--cluster", cluster, "--replicas", "3", "--notify-command", hook).code == 0
    assert events(tmp_path) == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("no-such-program-here", "the command did not start"),
        ("'", "the command did not start"),
        (None, "the command ended with exit code 1: it broke"),
    ],
)
def test_a_command_that_fails_changes_no_exit_code_and_is_named(fleet, tmp_path, command, said):
    hook = catching(tmp_path, code=1) if command is None else command
    ended = fleet.call("drift", "--cluster", "prod", "--replicas", "3", "--notify-command", hook)
    assert (ended.code, said in ended.err) == (0, True), ended.err


def drift(fleet: Any, monkeypatch: pytest.MonkeyPatch, url: str) -> Any:
    monkeypatch.setenv("EKSDNS_NOTIFY_SECRET", SECRET)
    monkeypatch.setattr(webhook.Webhook.__init__, "__defaults__", (lambda _: None,))
    return fleet.call("drift", "--cluster", "prod", "--replicas", "3", "--notify-url", url)


def test_a_webhook_gets_a_body_that_its_signature_proves(fleet, monkeypatch):
    with loopback(lambda _: Reply(b"")) as server:
        assert drift(fleet, monkeypatch, f"{server.url}/hook").code == 0
        (seen,) = server.seen
    digest = hmac.new(SECRET.encode(), seen.body, "sha256").hexdigest()
    assert seen.headers["x-eksdns-signature"] == f"sha256={digest}"
    assert json.loads(seen.body)["kind"] == "event"
    assert SECRET not in str(seen.headers)


@pytest.mark.parametrize(
    ("answer", "attempts", "said"),
    [
        (Reply(b"", 500), 3, "the webhook answered 500"),
        (Reply(b"", 429), 3, "the webhook answered 429"),
        (Reply(b"", 404), 1, "the webhook answered 404"),
        (Reply(b"", 302, {"Location": "https://elsewhere.test/"}), 1, "the webhook answered 302"),
        (Reset(), 3, "the webhook did not answer"),
    ],
)
def test_retries_are_bounded_and_a_failure_is_said_but_fails_nothing(
    fleet, monkeypatch, answer, attempts, said
):
    with loopback(lambda _: answer) as server:
        ended = drift(fleet, monkeypatch, server.url)
        assert len(server.seen) == attempts
    assert (ended.code, said in ended.err) == (0, True), ended.err


def test_a_later_attempt_that_succeeds_is_enough(fleet, monkeypatch):
    answers = [Reply(b""), Reply(b"", 503)]

    def answer(_: Seen) -> Reply:
        return answers.pop()

    with loopback(answer) as server:
        ended = drift(fleet, monkeypatch, server.url)
    assert (ended.code, "not delivered" in ended.err) == (0, False)


@pytest.mark.parametrize("url", ["http://example.com/hook", "ftp://example.com", "example.com", "https://"])
def test_an_url_without_encryption_is_refused_before_anything_is_read(fleet, monkeypatch, url):
    ended = drift(fleet, monkeypatch, url)
    assert (ended.code, "does not use https" in ended.err) == (64, True)


@pytest.mark.parametrize(
    "url", ["https://[bad", "https://example.com:99999999/hook", "https://example.com:x/"]
)
def test_a_text_that_is_no_url_is_refused_before_anything_is_read(fleet, monkeypatch, url):
    ended = drift(fleet, monkeypatch, url)
    assert (ended.code, "--notify-url is not a URL" in ended.err) == (64, True)


def test_a_webhook_without_a_secret_is_refused(fleet):
    ended = fleet.call("drift", "--cluster", "prod", "--replicas", "3", "--notify-url", "https://example.com")
    assert (ended.code, "EKSDNS_NOTIFY_SECRET" in ended.err) == (64, True)
