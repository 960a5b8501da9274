"""What the user says in AWS' own settings, and paths that cannot be written, before anything is done."""

from pathlib import Path

import pytest

from eksaddon.sim.http.messages import Delivery, Handler, Request
from tests.functional.conftest import Stage
from tests.support.child import environment, finish, simulated, start

SCENARIO = """
version: 1
pace: {update: [0, 0]}
accounts: [{id: "123456789012"}]
clusters: [{name: prod, region: eu-west-1, addon: v1.11.4-eksbuild.51}]
"""
UNAVAILABLE = "faults: [{kind: unavailable, match: {operation: ListClusters}}]\n"
PLAN = ("plan", "--all", "--lameduck", "20s")


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
@pytest.mark.parametrize("where", ["environment", "profile"])
def test_retries_are_the_users_where_the_user_says_so(
    mode: str, where: str, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from eksaddon.sim.api.faults import UNAVAILABLE as GONE
    from eksaddon.sim.api.faults import Fault, Match

    stage.world.add_fault(Fault(GONE, Match(operation="ListClusters")))
    if where == "environment":
        monkeypatch.setenv("AWS_RETRY_MODE", mode)
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    else:
        (tmp_path / "config").write_text(f"[default]\nretry_mode = {mode}\nmax_attempts = 2\n")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    assert stage.call(*PLAN).code != 0
    assert stage.count("ListClusters") == 2


@pytest.mark.parametrize(("name", "value"), [("AWS_RETRY_MODE", "patient"), ("AWS_MAX_ATTEMPTS", "many")])
def test_retries_that_make_no_sense_are_reported(
    name: str, value: str, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    ended = stage.call(*PLAN)
    assert ended.code == 1
    assert value in ended.err
    assert "bug" not in ended.err


@pytest.mark.slow
def test_the_users_app_id_is_in_the_user_agent(tmp_path: Path) -> None:
    agents: set[str] = set()

    def around(handler: Handler) -> Handler:
        def handle(request: Request) -> Delivery:
            agents.add(request.headers["user-agent"])
            return handler(request)

        return handle

    with simulated(SCENARIO, around) as (_, url):
        env = environment(tmp_path, url, AWS_SDK_UA_APP_ID="ci pipeline/7")
        assert finish(start(*PLAN, env=env))[0] == 0
    (agent,) = agents
    assert agent.startswith("eksdns/")
    assert agent.endswith(" app/ci-pipeline-7")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:99999", "the port must be a number from 1 to 65535"),
        ("http://127.0.0.1:http", "the port must be a number from 1 to 65535"),
        ("http://127.0.0.1:0", "the port must be a number from 1 to 65535"),
        ("http://user:secret@127.0.0.1:99999", "the port must be a number from 1 to 65535"),
        ("127.0.0.1:8080", "it is not a URL"),
        ("ftp://127.0.0.1", "it is not a URL"),
        ("http://", "it is not a URL"),
    ],
)
@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_EKS"])
def test_an_endpoint_that_can_never_be_called_is_a_usage_error(
    name: str, url: str, why: str, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, url)
    ended = stage.call(*PLAN)
    assert ended.code == 64
    assert why in ended.err
    assert "secret" not in ended.err


def test_so_is_one_of_the_profile(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    (tmp_path / "config").write_text("[default]\nendpoint_url = http://127.0.0.1:99999\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    ended = stage.call(*PLAN)
    assert ended.code == 64
    assert "invalid endpoint 127.0.0.1:99999 in endpoint_url of the profile" in ended.err


@pytest.mark.parametrize(
    "option", [("--report", "json=no/such/folder/x.json"), ("--events", "no/such/x.jsonl")]
)
def test_a_path_that_cannot_be_written_is_known_before_the_first_write(
    option: tuple[str, str], stage: Stage
) -> None:
    ended = stage.call("apply", "--cluster", "prod", "--lameduck", "20s", "--yes", *option)
    assert ended.code == 1
    assert "cannot write no/such" in ended.err
    assert stage.count("UpdateAddon") == 0
    assert stage.count("DescribeAddon") == 0


def test_a_report_path_that_is_a_folder_or_a_device(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    apply = ("apply", "--cluster", "prod", "--lameduck", "20s", "--yes", "--report")
    assert stage.call(*apply, "json=folder").code == 1
    assert stage.count("UpdateAddon") == 0
    assert stage.call(*apply, "json=/dev/null").code == 0
    assert stage.count("UpdateAddon") == 1
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("region", ["AWS_REGION", "--region"])
def test_the_role_of_a_profile_needs_no_region_in_the_profile(
    stage: Stage, region: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keys = "aws_access_key_id = a\naws_secret_access_key = b\n"
    role = "arn:aws:iam::123456789012:role/eksdns-apply"
    (tmp_path / "config").write_text(
        f"[profile ops]\nrole_arn = {role}\nsource_profile = keys\n[profile keys]\n{keys}"
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_PROFILE", "ops")
    option = ("--region", "eu-west-1") if region == "--region" else ()
    if not option:
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
    ended = stage.call("plan", "--cluster", "prod", "--replicas", "3", *option)
    assert ended.code == 0, ended.err
    assert stage.count("AssumeRole") == 1
