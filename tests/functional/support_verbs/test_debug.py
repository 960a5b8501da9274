"""--debug and --debug-file: every request, no secret."""

import stat

import pytest

from eksaddon.app.local.recorder import Recorder
from eksaddon.app.local.tracing import current_trace
from eksaddon.domain.tracing.exchange import Exchange, Responded

SECRETS = ("the-secret-key-1", "the-session-token-1", "the-proxy-password-1")


@pytest.fixture
def secrets(monkeypatch):
    for name, value in zip(("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"), SECRETS, strict=False):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HTTPS_PROXY", f"http://ana:{SECRETS[2]}@127.0.0.1:9")
    return SECRETS


@pytest.mark.parametrize(
    "words",
    [
        ("--debug", "plan", "--cluster", "prod", "--grace", "45"),
        ("plan", "--debug", "--cluster", "prod", "--grace", "45"),
    ],
)
def test_debug_before_or_after_the_verb_shows_requests_of_both_planes_on_stderr(stage, secrets, words):
    done = stage.call(*words)
    lines = [line for line in done.err.splitlines() if line.startswith("debug: ")]
    assert done.code == 0
    assert "debug" not in done.out
    assert "eksdns 0." in lines[0]
    assert any(
        "eks DescribeAddon GET http" in line and ": 200 in " in line and "attempt 1 of 8, request ID " in line
        for line in lines
    )
    assert any("kubernetes GET http" in line and "/deployments: 200 in" in line for line in lines)
    assert not any(secret in done.out + done.err for secret in secrets)


def test_the_debug_file_is_private_and_has_the_lines_without_secrets(stage, secrets, tmp_path):
    file = tmp_path / "debug.txt"
    file.write_text("of an earlier run, and longer than what comes now" * 1000)
    file.chmod(0o644)
    done = stage.call("status", "--cluster", "prod", "--debug-file", str(file))
    text = file.read_text(encoding="utf-8")
    assert done.code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "DescribeAddon" in text
    assert "earlier run" not in text
    assert "debug:" not in done.err
    assert not any(secret in text for secret in secrets)


def test_every_attempt_of_a_retried_call_is_shown(stage, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_EKS", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    err = stage.call("status", "--cluster", "prod", "--debug").err
    assert "no response in" in err
    assert "attempt 1 of 2: " in err
    assert "attempt 2 of 2: " in err


def test_the_variables_do_the_same(stage, monkeypatch, tmp_path):
    monkeypatch.setenv("EKSDNS_DEBUG_FILE", str(tmp_path / "debug.txt"))
    stage.call("status", "--cluster", "prod")
    assert (tmp_path / "debug.txt").read_text(encoding="utf-8").count("GetCallerIdentity") == 1
    assert current_trace() is None


@pytest.mark.parametrize("place", ["none/debug.txt", "link"])
def test_a_file_that_cannot_be_written_is_an_error_before_any_request(stage, tmp_path, place):
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    done = stage.call("status", "--cluster", "prod", "--debug-file", str(tmp_path / place))
    assert done.code == 64
    assert "--debug-file: cannot write" in done.err
    assert stage.count("ListClusters") == 0
    assert not (tmp_path / "elsewhere").exists()


def test_a_sink_that_fails_gets_no_more_lines_and_does_not_fail_the_command():
    recorder, written = Recorder((), now=lambda: 0.0), []

    def full(line: str) -> None:
        written.append(line)
        raise OSError(28, "No space left on device")

    recorder.add(full)
    recorder.sent(Exchange("eks", "", "GET", "https://eks", 1, Responded(200)))
    assert len(written) == 1
    assert written[0].startswith("1970-01-01T00:00:00.000Z eksdns ")
