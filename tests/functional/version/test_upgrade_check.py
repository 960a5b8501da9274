"""`upgrade-check` and `corefile lint --from --to`: read-only answers for every cluster."""

import json
from pathlib import Path

import pytest

from tests.functional.conftest import Ended, Stage
from tests.functional.version.test_desired_version import DEFAULT, INSTALLED, NEWER, OLDER, PROD, cluster, has
from tests.support.examples import one_quick

STOCK = """\
.:53 {
    errors
    health
    ready
    kubernetes cluster.local
    hosts {
        fallthrough
    }
    forward . 1.1.1.1
}
"""


def check(stage: Stage, to: str, *more: str) -> Ended:
    return stage.call("upgrade-check", "--to", to, "--cluster", "prod", "-o", "json", *more)


def test_a_version_that_fits_is_an_update_and_nothing_is_written(stage):
    ended = check(stage, NEWER)
    assert (ended.code, cluster(ended)["action"]) == (0, "update")
    assert check(stage, NEWER, "--detailed-exitcode").code == 2
    assert stage.count("UpdateAddon") == 0


def test_a_version_that_does_not_fit_is_blocked_with_the_reason(stage):
    document = json.loads(stage.world.document(PROD))
    document["corefile"] += "b.example:53 {\n    secondary\n}\n"
    stage.world.write(PROD, json.dumps(document))
    assert check(stage, OLDER, "--no-live").code == 0
    ended = check(stage, NEWER, "--no-live")
    assert (ended.code, cluster(ended)["action"]) == (5, "blocked")
    assert "secondary" in cluster(ended)["reason"]


def test_a_kubernetes_version_brings_its_default_and_an_order(stage):
    found = cluster(check(stage, "1.35"))
    assert [(one["path"], one["after"]) for one in found["changes"]] == [
        ("addonVersion", "v1.13.2-eksbuild.11")
    ]
    order = next(one for one in found["diagnostics"] if one["rule"] == "upgrade-order")
    assert order["summary"] == (
        f"{INSTALLED} is not offered for Kubernetes 1.35, v1.13.2-eksbuild.11 is offered for both"
    )
    assert order["detail"] == "upgrade the add-on before the control plane"


def test_a_kubernetes_version_that_is_there_already_needs_no_order(stage):
    has(stage, DEFAULT)
    found = cluster(check(stage, "1.34"))
    assert found["action"] == "inSync"
    assert "the cluster has Kubernetes 1.34 already" in [one["summary"] for one in found["diagnostics"]]


def test_the_whole_fleet_is_counted(stage):
    ended = stage.call("upgrade-check", "--to", "latest", "--all", "-o", "json")
    summary = json.loads(ended.out)["summary"]
    assert (ended.code, summary["targets"]) == (3, len(json.loads(ended.out)["clusters"]))
    assert sum(count for key, count in summary.items() if key != "targets") == summary["targets"]
    assert stage.count("UpdateAddon") == 0


@pytest.mark.parametrize(
    "form", one_quick(["table", "csv", "html", "yaml", "markdown", "junit", "sarif", "github"], quick=3)
)
def test_every_format_shows_the_version(stage, form):
    ended = stage.call("upgrade-check", "--to", NEWER, "--cluster", "prod", "-o", form)
    assert ended.code == 0
    assert NEWER in ended.out or form in {"csv", "junit", "github"}


def test_a_word_that_is_not_a_version_is_a_mistake_of_usage(stage):
    ended = check(stage, "newest")
    assert ended.code == 64
    assert "--to: invalid version 'newest'" in ended.err


def test_lint_shows_what_an_upgrade_changes(bare):
    Path("Corefile").write_text(STOCK)
    ended = bare(
        "corefile", "lint", "Corefile", "--from", "v1.14.3-eksbuild.14", "--to", "v1.14.6-eksbuild.4"
    )
    assert ended.code == 0
    assert "internal names reach the upstream" in ended.out.replace("\n", " ")


@pytest.mark.parametrize(
    "options",
    [
        ("--from", NEWER),
        ("--to", NEWER),
        ("--from", INSTALLED, "--to", NEWER, "--addon-version", NEWER),
        ("--from", INSTALLED, "--to", NEWER, "--fix"),
    ],
)
def test_options_that_do_not_go_together_are_refused(bare, options):
    Path("Corefile").write_text(STOCK)
    assert bare("corefile", "lint", "Corefile", *options).code == 64
    assert Path("Corefile").read_text() == STOCK
