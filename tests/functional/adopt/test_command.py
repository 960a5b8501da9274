"""`eksdns adopt` on the command line."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from eksaddon.domain.document import schema_of
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.json import JsonObject
from eksaddon.report.documents.adoption import AdoptionDocument
from eksaddon.sim.console import with_console
from eksaddon.sim.http.server import running
from eksaddon.sim.kubernetes.dispatcher import endpoint_at
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from tests.support.adoption import COREFILE, FLEET, RICH, prepared, stage
from tests.support.report.validating import check_document
from tests.support.simulation import REF, scenario_of

SCENARIO = f"""
version: 1
pace: {{create: 0, delete: 0}}
accounts: [{{id: "{REF.account}", name: shop, regions: [{REF.region}]}}]
clusters:
  - {{name: legacy, region: {REF.region}, addon: none, workload: {{corefile: {json.dumps(COREFILE)}}}}}
  - {{name: broken, region: {REF.region}, addon: none, workload: {{corefile: ".:53 {{\\n  helth\\n}}\\n"}}}}
  - name: fails
    region: {REF.region}
    addon: none
    workload: {{corefile: {json.dumps(COREFILE)}, creates: [{{result: fails, keeps: false}}]}}
"""


class Ticking:
    """Every look at it costs some seconds, so that what takes time has passed at the next look."""

    def __init__(self) -> None:
        self.at = time.time()

    def __call__(self) -> float:
        self.at += 6
        return self.at


@dataclass(frozen=True, slots=True)
class Console:
    world: World
    call: Callable[..., "Ended"]

    def count(self, operation: str) -> int:
        return self.world.calls.counts.get(operation, 0)


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def console(bare: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch) -> Iterator[Console]:
    listening: list[str] = []
    world = world_of(
        scenario_of(SCENARIO),
        Ticking(),
        endpoint_of=lambda ref: endpoint_at(listening[0], ref),
    )
    with running(with_console(world)) as address:
        listening.append(address.url)
        monkeypatch.setenv("AWS_ENDPOINT_URL", address.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        monkeypatch.setenv("AWS_REGION", REF.region)
        yield Console(world, bare)


TAKE = ("--resolve-conflicts", "overwrite")


def test_adopt_shows_its_plan_proves_the_result_and_says_the_way_back(console: Console) -> None:
    ended = console.call("adopt", "--cluster", "legacy", *TAKE, "--yes")
    assert ended.code == ExitCode.DONE
    assert "identical to the live Corefile" in ended.err
    assert ended.out.startswith(f"adopted: {REF.account}/{REF.region}/legacy\n")
    assert "eksdns adopt --undo --cluster" in ended.err
    (saved,) = Path("state/eksdns/adoptions").iterdir()
    assert str(saved) in ended.err
    again = console.call("adopt", "--cluster", "legacy", "--yes", "-o", "json")
    assert again.code == ExitCode.DONE
    assert "resuming:" in again.err
    document = json.loads(again.out)
    check_document(document, AdoptionDocument)
    assert (document["outcome"], document["corefile"]["asItIs"]) == ("changed", True)
    assert console.count("CreateAddon") == 1
    dry = console.call("adopt", "--cluster", "legacy", "--undo", "--dry-run")
    assert (dry.code, "will be removed" in dry.out) == (ExitCode.DONE, True)
    back = console.call("adopt", "--cluster", "legacy", "--undo", "--yes")
    assert (back.code, console.count("DeleteAddon")) == (ExitCode.DONE, 1)
    assert back.out.startswith("rolled back: ")


def test_a_dry_run_writes_nothing_and_needs_no_answer(console: Console) -> None:
    ended = console.call("adopt", "--cluster", "legacy", *TAKE, "--dry-run")
    assert ended.code == ExitCode.DONE
    assert "+ to adopt" in ended.out
    assert "Fields that EKS takes over and changes" in ended.out
    assert "to undo: eksdns adopt --undo" in ended.err
    assert console.count("CreateAddon") == 0
    kept = [path.name for path in Path("state").rglob("*") if path.is_file()]
    assert kept == ["names.json"], "names for completion, as every read keeps them"
    printed = console.call("adopt", "--cluster", "legacy", "--dry-run", "-o", "json")
    document = json.loads(printed.out)
    check_document(document, AdoptionDocument)
    assert (document["action"], document["outcome"], printed.code) == ("blocked", None, ExitCode.REFUSED)


def test_without_a_terminal_a_bad_corefile_and_conflicts_are_refused(console: Console) -> None:
    silent = console.call("adopt", "--cluster", "legacy", *TAKE)
    assert (silent.code, ("cannot ask for confirmation without a terminal") in silent.err) == (
        ExitCode.REFUSED,
        True,
    )
    conflict = console.call("adopt", "--cluster", "legacy", "--yes", "--quiet")
    assert conflict.code == ExitCode.REFUSED
    assert conflict.err.splitlines()[-2].startswith("error: 111122223333/eu-west-1/legacy: resolveConflicts")
    assert "--resolve-conflicts overwrite" in conflict.err
    bad = console.call("adopt", "--cluster", "broken", *TAKE, "--yes")
    assert (bad.code, "unknown directive `helth`" in bad.err) == (ExitCode.REFUSED, True)
    assert console.count("CreateAddon") == 0


def test_one_cluster_at_a_time(console: Console) -> None:
    several = console.call("adopt", "--all", "--yes")
    assert (several.code, "adopt takes one cluster, but 3 match" in several.err) == (ExitCode.USAGE, True)
    assert console.call("adopt", "--yes").code == ExitCode.USAGE
    third_way = console.call("adopt", "--cluster", "legacy", "--resolve-conflicts", "preserve")
    assert third_way.code == ExitCode.USAGE


def test_a_failure_says_what_is_there_and_how_to_get_back(console: Console) -> None:
    ended = console.call("adopt", "--cluster", "fails", *TAKE, "--yes")
    assert ended.code == ExitCode.ERROR
    assert "now: the live Corefile is unchanged" in ended.out
    assert "kubectl replace -f" in ended.err
    assert ended.err.index("adopt --undo") < ended.err.index("kubectl replace")


def test_the_schema_of_its_document_is_published(bare: Callable[..., Ended]) -> None:
    published: JsonObject = json.loads(bare("schema", "--output-kind", "adoption").out)
    assert published == schema_of(AdoptionDocument)
    assert bare("schema", "--output-kind", "x").code == ExitCode.USAGE


def test_fewer_replicas_than_run_are_blocked_until_allowed(tmp_path: Path) -> None:
    fewer = f"{FLEET}coredns: {{replicaCount: 3}}\n"
    blocked = prepared(stage(RICH), tmp_path, fewer).plan
    assert "weakens DNS: replicas from 4 to 3" in [one.summary for one in blocked.errors]
    allowed = prepared(
        stage(RICH), tmp_path, fewer.replace("{replicaCount", "{allowWeaken: true, replicaCount")
    )
    assert allowed.plan.errors == ()


def test_strict_blocks_every_warning(tmp_path: Path) -> None:
    plan = prepared(stage(RICH), tmp_path, strict=True).plan
    assert all(one.severity.value != "warning" for one in plan.diagnostics)
