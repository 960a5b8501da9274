"""What was approved is what is written: saved plans that somebody edited, or that belong to others."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eksaddon.domain.encoding.codec import decode
from eksaddon.domain.json import digest
from eksaddon.domain.plan import Plan
from eksaddon.domain.target import ClusterRef
from eksaddon.plan.digest import plan_digest
from tests.support.walkthrough import Shell, shell

FLEET = """
version: 1
coredns: {lameduck: 20s}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""
SCENARIO = """
version: 1
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
documents: {plain: '{"replicaCount":2}'}
clusters:
  - {name: one, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
"""
FILE = Path("plan.json")
DIGEST = re.compile(r"digest (sha256:[0-9a-f]{64})")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Shell]:
    config, scenario = tmp_path / "fleet.yaml", tmp_path / "scenario.yaml"
    config.write_text(FLEET)
    scenario.write_text(SCENARIO)
    with shell(config, scenario) as one:
        yield one


def stored(here: Shell) -> Any:  # JSON
    return json.loads(here.world.document(ClusterRef("111122223333", "eu-west-1", "one")) or "{}")


def saved(here: Shell) -> str:
    """The digest that `plan --out` prints."""
    code, said = here.type("plan", "--all", "--out", str(FILE))
    assert code == 0
    found = DIGEST.search(said)
    assert found
    assert f"apply it: eksdns apply {FILE} --digest {found[1]}" in said
    return found[1]


def edit(change: Any) -> None:  # what is done to the JSON
    """Edit the file as somebody would who knows how its hashes are made."""
    body = json.loads(FILE.read_text())
    del body["hash"]
    change(body["plan"]["clusters"][0])
    plan = decode(Plan, body["plan"])
    body["plan"]["digest"] = plan_digest(plan.clusters, plan.strategy if plan.waves else None)
    FILE.write_text(json.dumps(body | {"hash": digest(body)}))


def evil(cluster: Any) -> None:  # JSON
    write = cluster["write"]
    text = json.loads(write["text"])
    text["corefile"] = text["corefile"].replace("/etc/resolv.conf", "203.0.113.9")
    write["text"] = json.dumps(text)


@pytest.mark.parametrize("verb", [["show"], ["apply", "--yes"]])
def test_a_plan_that_does_not_show_what_it_writes_is_refused(here: Shell, verb: list[str]) -> None:
    saved(here)
    edit(evil)
    code, said = here.type(verb[0], str(FILE), *verb[1:])
    assert code == 5
    assert "does not show what it would write" in said
    assert "203.0.113.9" not in json.dumps(stored(here))


def test_only_the_plan_that_was_approved_is_applied(here: Shell) -> None:
    approved = saved(here)
    other = "f" * 64
    code, said = here.type("apply", str(FILE), "--yes", "--digest", other)
    assert (code, "another plan than the one approved" in said) == (5, True)
    code, said = here.type("apply", "--all", "--yes", "--digest", approved)
    assert (code, "--digest needs a saved plan" in said) == (64, True)
    assert "corefile" not in stored(here)
    code, _ = here.type("apply", str(FILE), "--yes", "--digest", approved)
    assert code == 0
    assert "lameduck 20s" in stored(here)["corefile"]


def test_overwriting_the_values_of_others_is_shown(here: Shell) -> None:
    _, said = here.type("plan", "--all", "--resolve-conflicts", "overwrite")
    assert "values set by other controllers are overwritten" in said


def test_a_hidden_overwrite_is_refused(here: Shell) -> None:
    saved(here)
    edit(lambda cluster: cluster["write"].update(resolve_conflicts="overwrite"))
    code, said = here.type("apply", str(FILE), "--yes")
    assert (code, "it omits a finding" in said) == (5, True)
    assert "corefile" not in stored(here)


def test_a_role_that_the_addon_does_not_have_is_not_sent(here: Shell) -> None:
    saved(here)
    edit(lambda cluster: cluster["write"].update(role_arn="arn:aws:iam::111122223333:role/other"))
    code, said = here.type("apply", str(FILE), "--yes")
    assert code == 5
    assert "another role" in said
    assert "corefile" not in stored(here)


def test_a_plan_in_waves_of_one_each_is_read_as_it_was_saved(here: Shell) -> None:
    """Whole numbers where the file has decimals make no other digest."""
    waves = "rollout: {waves: [{name: canary, limit: 1, soak: 1s}, {name: rest, before: [{type: approval}]}]}"
    Path("eksdns.yaml").write_text(FLEET + waves)
    approved = saved(here)
    code, said = here.type("show", str(FILE), "--digest", approved)
    assert code == 0, said
