"""Every name that a person types is checked before anything is written; a typo never widens a scope."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.walkthrough import Shell, shell

FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts:
  - {id: "111122223333", name: dev, role: eksdns-apply, regions: [eu-west-1], labels: {env: dev}}
  - {id: "333344445555", name: shop, role: eksdns-apply, regions: [eu-west-1, us-east-1], labels: {env: prod}}
rollout:
  waves:
    - {name: canary, select: {labels: {env: dev}}}
    - {name: rest, select: {labels: {env: prod}}}
"""
SCENARIO = """
version: 1
defaultAccount: dev
accounts:
  - {id: "111122223333", name: dev, regions: [eu-west-1], roles: {eksdns-apply: {}}}
  - {id: "333344445555", name: shop, regions: [eu-west-1, us-east-1], roles: {eksdns-apply: {}}}
documents: {plain: '{"replicaCount":2}'}
clusters:
  - {name: a, account: dev, region: eu-west-1, addon: v1.12.4-eksbuild.29, document: plain}
  - {name: b, account: shop, region: us-east-1, addon: v1.12.4-eksbuild.29, document: plain}
"""


def gated(gate: str) -> str:
    """The fleet file with a gate after its first wave."""
    return FLEET.replace("{env: dev}}}", "{env: dev}}, " + gate + "}")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Shell]:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    with shell(tmp_path / "fleet.yaml", tmp_path / "scenario.yaml") as one:
        yield one


@pytest.mark.parametrize(
    ("typed", "said", "hint"),
    [
        (("--all", "--until-wave", "canry"), "--until-wave canry", "did you mean canary?"),
        (("--all", "--not-account", "shpo"), "--not-account shpo", "did you mean shop?"),
        (("--account", "shop", "--account", "nosuch"), "--account nosuch", "there are: "),
        (("--all", "--region", "us-east-1", "--region", "us-east-9"), "--region us-east-9", "us-east-1?"),
        (("--all", "--region", "ap-*"), "--region ap-*", "eu-west-1"),
        (("--all", "--label", "enw=prod"), "--label enw", "did you mean env?"),
        (("--all", "--ou", "/Workloads"), "--ou /Workloads", "there are none"),
    ],
)
def test_a_name_that_means_nothing_is_refused_before_anything_is_written(
    here: Shell, typed: tuple[str, ...], said: str, hint: str
) -> None:
    code, text = here.type("apply", *typed, "--yes")
    assert (code, said in text, hint in text) == (64, True, True), text
    assert here.world.calls.counts.get("UpdateAddon", 0) == 0
    assert not list(Path().rglob("*.jsonl"))


def test_resume_refuses_a_wave_that_the_run_does_not_have(here: Shell) -> None:
    assert here.type("apply", "--all", "--yes", "--until-wave", "canary")[0] == 4
    (journal,) = Path().rglob("runs/*.jsonl")
    before = here.world.calls.counts.get("UpdateAddon", 0)
    code, text = here.type("resume", journal.stem, "--until-wave", "rset")
    assert (code, "did you mean rest?" in text) == (64, True), text
    assert here.world.calls.counts.get("UpdateAddon", 0) == before


@pytest.mark.parametrize("verb", [("validate",), ("plan", "--all"), ("apply", "--all", "--yes")])
def test_a_gate_names_a_check_that_there_is(here: Shell, verb: tuple[str, ...]) -> None:
    gate = "gates: [{type: check, name: dns-prob}]"
    Path("eksdns.yaml").write_text(gated(gate))
    code, text = here.type(*verb)
    assert code in {1, 64}
    assert "unknown check" in text
    assert "did you mean" in text
    assert here.world.calls.counts.get("UpdateAddon", 0) == 0


def test_a_probe_needs_a_server_before_the_first_write(here: Shell) -> None:
    gate = "gates: [{type: check, name: dns-probe}]"
    Path("eksdns.yaml").write_text(gated(gate))
    code, text = here.type("apply", "--all", "--yes")
    assert (code, "--dns-server" in text) == (64, True), text
    assert here.world.calls.counts.get("UpdateAddon", 0) == 0


def test_globs_and_names_that_mean_something_are_taken(here: Shell) -> None:
    for typed in (("--not-account", "dev"), ("--account", "sh*"), ("--all", "--region", "us-*")):
        assert here.type("plan", *typed if typed[0] != "--not-account" else ("--all", *typed))[0] == 0, typed
