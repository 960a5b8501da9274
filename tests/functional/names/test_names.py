"""Every name that a person types is checked before anything is written; a typo never widens a scope."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.examples import one_quick
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
    gate = "gates: [{type: check, name: addon-helth}]"
    Path("eksdns.yaml").write_text(gated(gate))
    code, text = here.type(*verb)
    assert code in {1, 64}
    assert "unknown check" in text
    assert "did you mean" in text
    assert here.world.calls.counts.get("UpdateAddon", 0) == 0


def test_a_probe_needs_a_server_before_the_first_write(here: Shell) -> None:
    gate = "gates: [{type: probe}]"
    Path("eksdns.yaml").write_text(gated(gate))
    code, text = here.type("apply", "--all", "--yes")
    assert (code, "--dns-server" in text) == (64, True), text
    assert here.world.calls.counts.get("UpdateAddon", 0) == 0


def test_globs_and_names_that_mean_something_are_taken(here: Shell) -> None:
    for typed in (("--not-account", "dev"), ("--account", "sh*"), ("--all", "--region", "us-*")):
        assert here.type("plan", *typed if typed[0] != "--not-account" else ("--all", *typed))[0] == 0, typed


def edited(*pairs: tuple[str, str]) -> None:
    text = Path("eksdns.yaml").read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    Path("eksdns.yaml").write_text(text)


OVERRIDE = "overrides:\n  - match: {%s}\n    coredns: {replicaCount: 4}\nrollout:"
WAIVER = """waivers:
  - {match: {%s}, path: replicaCount, owner: ana, reason: test, until: "2030-01-01"}
rollout:"""


@pytest.mark.parametrize(
    ("match", "said", "hint"),
    [
        ("account: shpo", "there is no account named shpo", "did you mean shop?"),
        ("region: us-esat-1", "there is no region of these accounts named us-esat-1", "us-east-1?"),
        ("labels: {enw: prod}", "there is no label named enw", "did you mean env?"),
        ("ou: /Workloads", "no account is in organizational unit /Workloads", "there are none"),
        ("cluster: aa", "there is no cluster named aa", "did you mean a?"),
    ],
)
@pytest.mark.parametrize("block", [OVERRIDE, WAIVER, "wave"], ids=["override", "waiver", "wave"])
def test_a_name_in_the_fleet_file_that_means_nothing_is_refused(
    here: Shell, block: str, match: str, said: str, hint: str
) -> None:
    if block == "wave":
        edited(("select: {labels: {env: dev}}", f"select: {{{match}}}"))
    else:
        edited(("rollout:", block % match))
    for verb in (("apply", "--all", "--yes"), ("plan", "--all", "--out", "plan.json")):
        code, text = here.type(*verb)
        assert (code, said in text, hint in text) == (64, True, True), text
        assert "eksdns.yaml" in text
    assert here.world.calls.counts.get("UpdateAddon", 0) == 0
    assert not Path("plan.json").exists()


def test_a_cluster_that_a_wave_names_and_no_account_has_is_a_warning_where_nothing_is_written(
    here: Shell,
) -> None:
    edited(("select: {labels: {env: dev}}", "select: {cluster: aa}"), ("env: prod}}}", "env: '*'}}}"))
    code, text = here.type("plan", "--all")
    warning = "warning: eksdns.yaml: wave canary: there is no cluster named aa"
    assert (code, warning in text) == (0, True), text


def test_validate_finds_names_that_the_accounts_of_the_file_do_not_have(here: Shell) -> None:
    edited(("rollout:", OVERRIDE % "account: shpo"))
    code, text = here.type("validate")
    assert (code, "there is no account named shpo" in text) == (64, True), text


@pytest.mark.parametrize("verb", [("matrix", "--shards", "2"), ("doctor", "--all"), ("status", "--all")])
def test_verbs_that_only_read_refuse_unknown_accounts_too(here: Shell, verb: tuple[str, ...]) -> None:
    code, text = here.type(*verb, "--account", "shpo")
    assert (code, "did you mean shop?" in text) == (64, True), text


def test_a_cluster_of_the_command_line_is_there_before_another_one_is_written(here: Shell) -> None:
    chosen = ("--cluster", "dev/eu-west-1/a", "--cluster", "shop/us-east-1/bb")
    code, text = here.type("apply", *chosen, "--yes")
    assert (code, "--cluster shop/us-east-1/bb: there is no such cluster" in text) == (64, True), text
    assert "did you mean b?" in text
    assert here.world.calls.counts.get("UpdateAddon", 0) == 0
    code, text = here.type("plan", *chosen)
    assert (code, "no-such-cluster" in text) == (3, True), text


def test_a_dns_server_is_for_a_cluster_of_the_run(here: Shell) -> None:
    code, text = here.type("apply", "--all", "--yes", "--dns-server", "bb=10.0.0.10")
    assert (code, "did you mean b?" in text) == (64, True), text
    assert here.world.calls.counts.get("UpdateAddon", 0) == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--account", "shop", "--region", "eu-west-1"), "no cluster found in shop/eu-west-1"),
        (("--all", "--region", "us-east-1", "--region", "eu-west-1", "--not-account", "dev"), "--region eu"),
        (("--account", "shop", "--account", "dev", "--region", "us-east-1"), "--account dev: no cluster"),
    ],
)
def test_nothing_found_is_named_and_an_error_only_where_something_would_be_written(
    here: Shell, typed: tuple[str, ...], said: str
) -> None:
    code, text = here.type("apply", *typed, "--yes")
    assert (code, f"error: {said}" in text, "nothing was written" in text) == (1, True, True), text
    assert here.world.calls.counts.get("UpdateAddon", 0) == 0
    for verb in ("plan", "drift", "status"):
        code, text = here.type(verb, *typed)
        assert (code, f"warning: {said}" in text) == (0, True), text


@pytest.mark.parametrize(
    ("verb", "said"),
    one_quick(
        [
            (("rollback", "RUN", "--wave", "canry", "--yes"), "has no wave canry"),
            (("approve", "RUN", "canry"), "has no wave canry"),
            (("skip", "RUN", "aa", "--reason", "x"), "aa matches no target of this run"),
            (("resume", "RUNX"), "not found"),
            (("unlock", "RUNX"), "not found"),
            (("history", "RUNX"), "not found"),
            (("history", "--cluster", "aa", "--region", "eu-west-1"), "--cluster aa matches none"),
        ]
    ),
    ids=lambda verb: verb[0] if isinstance(verb, tuple) else "",
)
def test_verbs_about_runs_refuse_names_that_the_run_does_not_have(
    here: Shell, verb: tuple[str, ...], said: str
) -> None:
    assert here.type("apply", "--all", "--yes", "--until-wave", "canary")[0] == 4
    (journal,) = Path().rglob("runs/*.jsonl")
    before = journal.read_bytes()
    code, text = here.type(*(word.replace("RUN", journal.stem) for word in verb))
    assert (code, said in text) == (64, True), text
    assert journal.read_bytes() == before


def test_one_cluster_and_all_clusters_at_once_are_refused(here: Shell) -> None:
    code, text = here.type("plan", "--all", "--cluster", "a")
    assert (code, "--all and --cluster contradict each other" in text) == (64, True)
    assert "hint: remove --all for a only" in text


@pytest.mark.parametrize("verb", [("drift",), ("plan", "--allow-weaken"), ("plan",)])
def test_nothing_desired_is_never_in_sync(here: Shell, verb: tuple[str, ...]) -> None:
    Path("eksdns.yaml").unlink()
    code, text = here.type(*verb, "--all", "--region", "eu-west-1")
    assert (code, "no fleet file found, and no desired state given by flags" in text) == (64, True)


def test_a_missing_accounts_file_says_where_an_example_is(here: Shell) -> None:
    Path("eksdns.yaml").write_text("version: 1\ncoredns: {replicaCount: 3}\n")
    code, text = here.type("plan", "--all", "--accounts-file", "nope.yml")
    assert (code, "nope.yml: no such file" in text, "eksdns help start" in text) == (1, True, True)
