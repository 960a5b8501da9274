"""What `init --github` writes, and what it asks."""

import io
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from eksaddon import __version__
from eksaddon.app import release
from tests.support.github.api import TOKEN, github_api
from tests.support.paths import ROOT

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FLAGS = (
    *("--github", "--blank", "--hub-account", "111122223333", "--home-region", "eu-west-1"),
    *("--state", "s3://acme-eksdns/state", "--workflows-commit", COMMIT),
)
WORKFLOWS = tuple(f"eksdns-{name}.yml" for name in ("drift", "operate", "plan", "resume", "rollout"))


def written(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / ".github" / "workflows").iterdir())


def test_five_workflows_and_the_fleet_file_are_written(bare, tmp_path):
    ended = bare("init", *FLAGS)
    assert ended.code == 0
    assert written(tmp_path) == list(WORKFLOWS)
    assert bare("validate", "eksdns.yaml").code == 0
    for name in WORKFLOWS:
        text = (tmp_path / ".github" / "workflows" / name).read_text()
        assert f"/.github/workflows/{name}@{COMMIT} # v{__version__}\n" in text
        assert f"wrote .github/workflows/{name}\n" in ended.out


def test_a_fleet_file_is_kept_and_a_workflow_is_never_replaced(bare, tmp_path):
    (tmp_path / "eksdns.yaml").write_text("mine\n")
    assert bare("init", *FLAGS).code == 0
    assert (tmp_path / "eksdns.yaml").read_text() == "mine\n"
    ended = bare("init", *FLAGS)
    assert (ended.code, "file exists, nothing was written" in ended.err) == (5, True)
    assert bare("init", *FLAGS, "--force").code == 0
    assert (tmp_path / "eksdns.yaml").read_text() != "mine\n"


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("--hub-account", "11112222333"),
        ("--hub-account", "111122223333\nx: y"),
        ("--home-region", "eu-west-1}}"),
        ("--home-region", "Ireland"),
        ("--home-region", "eu-wset-1"),
        ("--state", "s3://b"),
        ("--state", "s3://bucket/${{ github.token }}"),
        ("--state", "./state"),
        ("--workflows-commit", "main"),
        ("--workflows-commit", COMMIT[:39]),
        ("--branch", "main]"),
        ("--cron", "daily"),
        ("--cron", '1 1 * * *"'),
    ],
)
def test_nothing_gets_into_a_workflow_that_does_not_belong_there(bare, tmp_path, flag, value):
    ended = bare("init", *FLAGS, flag, value)
    assert (ended.code, flag in ended.err) == (64, True)
    assert list(tmp_path.iterdir()) == []


def test_a_home_region_that_this_version_does_not_know_is_a_warning(bare, tmp_path):
    ended = bare("init", *FLAGS, "--home-region", "eu-west-9")
    assert ended.code == 0
    assert "warning: this version of eksdns does not know the region eu-west-9" in ended.err
    assert "did you mean eu-west-1? A new region works as well" in ended.err
    assert written(tmp_path) == list(WORKFLOWS)


def test_a_fleet_file_outside_of_the_repository_is_refused(bare):
    assert bare("init", "/elsewhere/eksdns.yaml", *FLAGS).code == 64


@pytest.mark.parametrize("left_out", ["--hub-account", "--home-region", "--state", "--workflows-commit"])
def test_missing_settings_are_prompted_for_or_named(bare, left_out):
    at = FLAGS.index(left_out)
    ended = bare("init", *FLAGS[:at], *FLAGS[at + 2 :])
    assert (ended.code, left_out in ended.err) == (64, True)


def test_questions_are_asked_at_a_terminal(bare, monkeypatch, tmp_path):
    class Keyboard(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Keyboard("111122223333\ncn-north-1\ns3://acme-eksdns/state\n"))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    ended = bare("init", "--github", "--blank", "--workflows-commit", COMMIT)
    assert ended.code == 0
    assert "Its home region: " in ended.err
    text = (tmp_path / ".github" / "workflows" / "eksdns-plan.yml").read_text()
    assert "role: arn:aws-cn:iam::111122223333:role/eksdns-plan\n" in text


def test_a_release_knows_its_commit(bare, monkeypatch, tmp_path):
    monkeypatch.setattr(release, "files", lambda _: tmp_path)
    (tmp_path / "commit").write_text(f"{COMMIT}\n")
    assert bare("init", *FLAGS[:-2]).code == 0


def test_without_access_to_kubernetes_the_keys_that_need_it_are_not_there_and_the_reason_is(bare, tmp_path):
    assert bare("init", *FLAGS).code == 0
    text = (tmp_path / "eksdns.yaml").read_text()
    assert "# preStop: 5s" not in text
    assert "Not in this file: preStop, terminationGracePeriod and readinessProbe" in text
    assert not (tmp_path / "eksdns-kubernetes.yaml").exists()


def test_access_to_kubernetes_is_written_as_entries_and_roles(bare, tmp_path):
    ended = bare("init", *FLAGS, "--kubernetes-access")
    assert (ended.code, "wrote eksdns-kubernetes.yaml" in ended.out) == (0, True)
    assert "# preStop: 5s" in (tmp_path / "eksdns.yaml").read_text()
    text = (tmp_path / "eksdns-kubernetes.yaml").read_text()
    assert "aws eks create-access-entry" in text
    documents = list(YAML(typ="safe", pure=True).load_all(text))
    names = [(one["kind"], one["metadata"]["name"]) for one in documents]
    kinds = ("Role", "RoleBinding")
    assert names == [(kind, name) for name in ("eksdns-read", "eksdns-apply") for kind in kinds]
    verbs = [{verb for rule in one["rules"] for verb in rule["verbs"]} for one in documents[::2]]
    assert verbs[0] == {"get", "list"}
    assert {"get", "list", "patch"} <= verbs[1]
    for binding in documents[1::2]:
        name = binding["metadata"]["name"]
        assert (binding["roleRef"]["name"], binding["subjects"][0]["name"]) == (name, name)


@pytest.mark.parametrize(("answer", "is_written"), [("y", True), ("", False)])
def test_access_to_kubernetes_is_a_question_at_a_terminal(bare, monkeypatch, tmp_path, answer, is_written):
    class Keyboard(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Keyboard(f"{answer}\n"))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    ended = bare("init", *FLAGS)
    assert "Access to the Kubernetes API" in ended.err
    assert (tmp_path / "eksdns-kubernetes.yaml").exists() is is_written


def test_protection_rules_are_checked_or_the_reason_is_named(bare, monkeypatch, tmp_path):
    assert "were not checked: the repository is not known" in bare("init", *FLAGS).err
    config = tmp_path / ".git" / "config"
    config.parent.mkdir()
    config.write_text('[core]\n\tbare = false\n[remote "origin"]\n\turl = git@github.com:acme/dns.git\n')
    assert "were not checked: GITHUB_TOKEN is not set" in bare("init", *FLAGS, "--force").err
    with github_api() as github:
        github.protect("eksdns-approval")
        monkeypatch.setenv("GITHUB_API_URL", github.url)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        ended = bare("init", *FLAGS, "--force")
    assert (ended.code, "eksdns-approval has no required reviewers" in ended.err) == (0, True)


def test_every_input_of_a_caller_is_one_of_the_called_workflow(bare, tmp_path):
    """Read by our own YAML reader, which knows no `on: true`."""
    bare("init", *FLAGS)
    root = ROOT
    for name in WORKFLOWS:
        caller = workflow(tmp_path / ".github" / "workflows" / name)
        called = workflow(root / ".github" / "workflows" / name)
        (job,) = caller["jobs"].values()
        inputs = called["on"]["workflow_call"]["inputs"]
        required = {key for key, one in inputs.items() if one.get("required")}
        assert required <= set(job["with"]) <= set(inputs)


def workflow(path: Path):
    return YAML(typ="safe", pure=True).load(path.read_text())


def test_only_a_file_that_can_be_written_is_reported(bare, tmp_path):
    (tmp_path / ".github").write_text("in the way")
    ended = bare("init", *FLAGS)
    assert (ended.code, "cannot write" in ended.err) == (1, True)
