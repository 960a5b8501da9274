"""What `eksdns doctor` says about the access to simulated fleets."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from eksaddon.app.doctor.doctor import examine, exit_code
from eksaddon.app.doctor.report import DoctorDocument, total
from eksaddon.domain.access.checkup import CheckState, Checkup
from eksaddon.domain.target import ClusterRef
from eksaddon.sim.console import with_console
from eksaddon.sim.http.server import running
from eksaddon.sim.kubernetes.dispatcher import endpoint_at
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from tests.support.examples import one_quick
from tests.support.report.validating import check_document
from tests.support.simulation import fleet_of, scenario_of, simulate

ACCOUNT = "123456789012"
SCENARIO = """
version: 1
accounts:
  - {{id: "{account}", name: shop, regions: [eu-west-1, us-east-1], roles: {{eksdns-apply: {{}}}}}}
clusters:
  - {{name: prod, region: eu-west-1, addon: v1.11.4-eksbuild.51, workload: {{{workload}}}}}
  - {{name: dev, region: us-east-1, addon: v1.11.4-eksbuild.51}}
faults: [{faults}]
"""
FLEET = """
version: 1
accounts: [{{id: "{account}", name: shop, role: {role}, regions: [eu-west-1, us-east-1]}}]
"""


@dataclass(frozen=True)
class Seen:
    code: int
    out: str
    err: str
    world: World

    @property
    def document(self) -> Any:
        """Valid by the schema that is published of it."""
        found = json.loads(self.out)
        check_document(found, DoctorDocument)
        return found

    def missing(self, name: str) -> dict[str, Any]:
        (cluster,) = [each for each in self.document["clusters"] if each["name"] == name]
        return {each["piece"]: each for each in cluster["checks"] if each["state"] == "missing"}


Doctor = Callable[..., Seen]


@pytest.fixture
def doctor(bare: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Doctor:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")

    @contextmanager
    def staged(workload: str, faults: str, role: str) -> Iterator[World]:
        (tmp_path / "eksdns.yaml").write_text(FLEET.format(account=ACCOUNT, role=role))
        text = SCENARIO.format(account=ACCOUNT, workload=workload, faults=faults)
        listening: list[str] = []
        chosen = scenario_of(text)
        world = world_of(chosen, endpoint_of=lambda ref: endpoint_at(listening[0], ref))
        with running(with_console(world)) as address:
            listening.append(address.url)
            monkeypatch.setenv("AWS_ENDPOINT_URL", address.url)
            yield world

    def call(*args: str, workload: str = "", faults: str = "", role: str = "eksdns-apply") -> Seen:
        with staged(workload, faults, role) as world:
            ended = bare("doctor", *(args or ("--all", "-o", "json")))
            return Seen(ended.code, ended.out, ended.err, world)

    return call


def test_a_healthy_fleet_lacks_nothing_and_nothing_is_written(doctor: Doctor) -> None:
    seen = doctor()
    assert seen.code == 0
    assert seen.document["summary"] == {"targets": 2, "ok": 2, "missing": 0, "unproven": 0, "skipped": 0}
    assert seen.world.calls.counts.get("UpdateAddon", 0) == 0
    states = {each["piece"]: each["state"] for each in seen.document["clusters"][0]["checks"]}
    assert states.pop("eks:UpdateAddon") == "unproven"
    assert set(states.values()) == {"ok"}
    assert "kubernetes patch" in states


@pytest.mark.parametrize(
    ("operation", "piece"),
    [
        ("DescribeAddon", "eks:DescribeAddon"),
        ("DescribeAddonConfiguration", "eks:DescribeAddonConfiguration"),
        ("ListUpdates", "eks:ListUpdates, eks:DescribeUpdate"),
    ],
)
def test_a_denied_action_is_named_with_what_it_breaks(doctor: Doctor, operation: str, piece: str) -> None:
    match = f"{{operation: {operation}, region: eu-west-1}}"
    seen = doctor(faults=f"{{kind: denied, match: {match}}}")
    assert seen.code == 3
    assert set(seen.missing("prod")) == {piece}
    assert f"eks:{operation}" in seen.missing("prod")[piece]["remedy"]
    assert seen.missing("prod")[piece]["breaks"]
    assert seen.missing("dev") == {}


def test_a_cluster_that_may_not_be_described_leaves_the_add_on_plane_fine(doctor: Doctor) -> None:
    seen = doctor(faults="{kind: denied, match: {operation: DescribeCluster}}")
    assert seen.code == 1
    assert set(seen.missing("prod")) == {"kubernetes read"}
    assert "eks:DescribeCluster" in seen.missing("prod")["kubernetes read"]["remedy"]


def test_a_missing_role_counts_as_a_target_that_is_not_fine(doctor: Doctor) -> None:
    seen = doctor(role="no-such-role")
    assert seen.code == 1
    summary = seen.document["summary"]
    assert summary["ok"] + summary["missing"] == summary["targets"] >= 1
    assert summary["ok"] == 0
    (account, *_) = seen.document["clusters"]
    assert account["checks"][0]["detail"].startswith("role-not-assumable")
    assert "external ID" in account["checks"][0]["remedy"]


def test_a_region_that_the_organization_denies_is_partial(doctor: Doctor) -> None:
    seen = doctor(faults="{kind: denied-by-scp, match: {service: eks, region: us-east-1}}")
    assert seen.code == 3
    assert seen.document["summary"] == {"targets": 2, "ok": 1, "missing": 1, "unproven": 0, "skipped": 0}
    assert "service control policy" in seen.missing("*")["account"]["remedy"]


@pytest.mark.parametrize(
    ("api", "remedy"),
    [("no-entry", "--print access-entry"), ("unreachable", "run again")],
)
def test_a_closed_kubernetes_api_breaks_the_workload_plane_only(
    doctor: Doctor, api: str, remedy: str
) -> None:
    seen = doctor(workload=f"api: {api}")
    assert seen.code == 3
    assert set(seen.missing("prod")) == {"kubernetes read"}
    found = seen.missing("prod")["kubernetes read"]
    assert "the add-on plane still works" in found["breaks"]
    assert remedy in found["remedy"]


def test_a_private_endpoint_is_reported_and_never_fine() -> None:
    text = SCENARIO.format(account=ACCOUNT, workload="api: unreachable", faults="")
    simulation = simulate(text)
    fleet = fleet_of(FLEET.format(account=ACCOUNT, role="eksdns-apply"))
    found = examine(fleet, simulation.session, simulation.book, writes=True)
    (private,) = [one for one in found if one.ref.name == "prod"]
    (check,) = [one for one in private.checks if one.state is CheckState.MISSING]
    assert check.detail == "could not connect to the Kubernetes API"
    assert exit_code(found) == 3


def test_a_role_that_only_reads_is_not_asked_for_more(doctor: Doctor) -> None:
    fault = "{kind: denied, match: {operation: ListUpdates}}"
    assert doctor("--all", "--read-only", faults=fault).code == 0
    assert doctor("--all", faults=fault).code == 1


@pytest.mark.parametrize("workload", one_quick(["api: no-entry", "", "api: unreachable"]))
@pytest.mark.parametrize("form", ["table", "json"])
def test_nothing_of_a_token_is_reported(doctor: Doctor, workload: str, form: str) -> None:
    seen = doctor("--all", "-o", form, workload=workload)
    assert not re.search(r"k8s-aws-v1|X-Amz-|Signature|BEGIN CERT", seen.out + seen.err)


@pytest.mark.parametrize("width", one_quick([80, 120]))
def test_the_table_keeps_to_the_terminal(doctor: Doctor, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    seen = doctor("--all", workload="api: unreachable")
    lines = seen.out.splitlines()
    assert max(map(len, lines)) <= width
    assert lines[1].split() == ["ok", "missing", "shop/eu-west-1/prod"]
    assert lines[-1] == "2 targets: 1 ok, 1 with missing permissions"


def test_one_target_is_counted_in_the_singular() -> None:
    assert (
        total([Checkup(ClusterRef(ACCOUNT, "eu-west-1", "prod"), ())])
        == "1 target: 0 ok, 0 with missing permissions, 1 not checked"
    )


def test_no_cluster_named_is_refused(doctor: Doctor) -> None:
    assert doctor("-o", "json").code == 64


def test_github_needs_the_role_to_check(bare: Any) -> None:
    assert bare("doctor", "--github").code == 64


def test_a_role_that_is_not_an_arn_is_refused_as_by_the_github_doctor(bare: Any) -> None:
    args = ("--hub-role", "nobody", "--repository", "owner/name")
    one, other = bare("doctor", "--github", *args), bare("github", "doctor", *args)
    assert (one.code, one.err) == (other.code, other.err) == (64, other.err)


def test_texts_are_filled_with_account_role_and_cluster_and_make_no_call(doctor: Doctor) -> None:
    policy = doctor("--print", "iam-apply")
    assert f"arn:aws:eks:*:{ACCOUNT}:addon/*/coredns/*" in policy.out
    entry = doctor("--print", "access-entry", "--cluster", "prod", "--role", "other")
    assert "--cluster-name prod" in entry.out
    assert f"arn:aws:iam::{ACCOUNT}:role/other" in entry.out
    assert not policy.world.calls.counts
    assert not entry.world.calls.counts
