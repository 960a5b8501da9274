"""`eksdns emit` on simulated clusters: stored values, planned values, and what it refuses."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from eksaddon.report.emit.emission import Form
from tests.support.walkthrough import Shell, shell

SCENARIO = r"""
version: 1
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
documents:
  plain: '{"replicaCount":2}'
  broken: '{'
  half: '{"corefile":"\ud800"}'
clusters:
  - {name: web-1, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
  - {name: web-2, region: eu-west-1, addon: v1.11.4-eksbuild.51}
  - {name: broken, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: broken}
  - {name: half, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: half}
  - {name: none, region: eu-west-1, addon: none}
  - {name: denied, region: eu-west-1, addon: v1.11.4-eksbuild.51}
faults:
  - {kind: denied, match: {cluster: denied}}
"""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("emit")
    (folder / "fleet.yaml").write_text("version: 1\n")
    (folder / "scenario.yaml").write_text(SCENARIO)
    with shell(folder / "fleet.yaml", folder / "scenario.yaml") as one:
        Path("eksdns.yaml").unlink()
        yield one


def emitted(here: Shell, tool: str, cluster: str, *more: str) -> tuple[int, str]:
    return here.type("emit", tool, "--region", "eu-west-1", "--cluster", cluster, "--quiet", *more)


@pytest.mark.parametrize("tool", Form)
def test_without_a_desired_state_the_stored_values_are_printed(here: Shell, tool: Form) -> None:
    code, text = emitted(here, tool.value, "web-1")
    assert (code, "web-1" in text, "replicaCount" in text) == (0, True, True), text


def test_an_addon_without_values_has_an_empty_document(here: Shell) -> None:
    code, text = emitted(here, "awscli", "web-2")
    assert (code, shlex.split(text.partition("\n")[2])[-1]) == (0, "{}")


def test_flags_are_planned_and_the_rest_is_named(here: Shell) -> None:
    words = "--replicas 3 --lameduck 20s --grace 45 --pre-stop 5 --readiness-period 5s"
    code, text = emitted(here, "awscli", "web-1", *words.split())
    values = json.loads(shlex.split(text.partition("aws ")[2])[-1])
    assert (code, values["replicaCount"], "lameduck 20s" in values["corefile"]) == (0, 3, True)
    assert "terminationGracePeriodSeconds 45, preStop 5s, readinessProbe.periodSeconds 5" in text


def test_values_that_are_as_desired_are_printed_as_stored(here: Shell) -> None:
    code, text = emitted(here, "awscli", "web-1", "--replicas", "2")
    assert (code, shlex.split(text.partition("aws ")[2])[-1]) == (0, '{"replicaCount":2}')


@pytest.mark.parametrize(
    ("cluster", "more", "code", "said"),
    [
        ("web-*", (), 64, "2 clusters match"),
        ("none", (), 1, "no managed CoreDNS add-on"),
        ("denied", (), 1, "access-denied"),
        ("broken", (), 1, "cannot be read"),
        ("half", (), 1, "surrogate"),
        ("web-1", ("--replicas", "9999"), 5, "the plan is blocked"),
    ],
)
def test_unprintable_output_is_an_error(
    here: Shell, cluster: str, more: tuple[str, ...], code: int, said: str
) -> None:
    found, text = emitted(here, "terraform", cluster, *more)
    assert (found, said in text) == (code, True), text
