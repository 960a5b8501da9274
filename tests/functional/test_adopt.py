"""A self-managed CoreDNS becomes the managed add-on, on simulated clusters."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import jsonschema
import pytest

from eksaddon.app.adopt.adopt import Begun, Fresh, Wish, carry_out, exit_code, prepare, prepare_undo, undo
from eksaddon.app.adopt.saved import saved_adoptions
from eksaddon.apply.adopt import Ending
from eksaddon.domain.adoption import Manifests, member
from eksaddon.domain.cause import Cause
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.document import schema_of
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject
from eksaddon.domain.observed import Managed, NotInstalled
from eksaddon.domain.run.outcome import Changed, Failed, RolledBack, Stale, Unproven, UnreachableTarget
from eksaddon.domain.target import Account
from eksaddon.report.documents.adoption import AdoptionDocument
from eksaddon.schema import DEFAULT_VERSIONS
from eksaddon.sim.api.faults import Deny, Effect, Expire, Fault, Match, Refuse, Reset
from eksaddon.sim.console import with_console
from eksaddon.sim.http.server import running
from eksaddon.sim.kubernetes.dispatcher import endpoint_at
from eksaddon.sim.scenario.file import parse_scenario
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.workload.state import Reach
from eksaddon.sim.workload.state import Workload as Simulated
from eksaddon.sim.world import World
from tests.support.simulation import REF, Simulation, fleet_of, self_managed, simulate

VERSION = DEFAULT_VERSIONS["1.33"]
COREFILE = (
    "# runbook 7\n.:53 {\n    errors\n    health {\n        lameduck 5s   # short\n    }\n    ready\n"
    "    kubernetes cluster.local in-addr.arpa ip6.arpa\n\tforward . /etc/resolv.conf\n"
    "    loop\n    reload\n}\n\n"
)
FLEET = f'version: 1\naccounts: [{{id: "{REF.account}", name: shop, regions: [{REF.region}]}}]\n'
SILENT: Callable[[str, str], None] = lambda _step, _detail: None  # noqa: E731  # a type of its own


def stage(workload: str = "") -> Simulation:
    simulation = simulate(self_managed(COREFILE, workload))
    simulation.book.learn(Account(REF.account))
    return simulation


def prepared(simulation: Simulation, place: Path, fleet: str = FLEET, **wish: object) -> Fresh | Begun:
    wanted = Wish(place, **{"resolve_conflicts": ResolveConflicts.OVERWRITE, **wish})  # type: ignore[arg-type]  # fields by name
    return prepare(fleet_of(fleet), simulation.session, simulation.book, wanted)


def adopted(simulation: Simulation, place: Path, fleet: str = FLEET, **wish: object) -> Ending:
    return carry_out(prepared(simulation, place, fleet, **wish), simulation.session, SILENT)


def given_up(simulation: Simulation, place: Path) -> Ending:
    begin = prepare_undo(fleet_of(FLEET), simulation.session, simulation.book, place)
    return undo(begin, simulation.session, SILENT)


def live(simulation: Simulation) -> Manifests:
    found = simulation.session.manifests.manifests(REF)
    assert isinstance(found, Manifests)
    return found


def held(simulation: Simulation) -> Managed:
    found = simulation.session.addons.read(REF)
    assert isinstance(found, Managed)
    return found


def writes(simulation: Simulation) -> list[str]:
    wanted = {"CreateAddon", "DeleteAddon", "UpdateAddon", "patch deployments"}
    return [call.operation for call in simulation.world.calls if call.operation in wanted]


def fault(effect: Effect, operation: str, **more: object) -> Fault:
    return Fault(effect, Match(operation=operation), **more)  # type: ignore[arg-type]  # fields by name


RICH = (
    "replicas: 4, files: {corp.db: x}, budgets: [{name: coredns, minAvailable: 2}],"
    "settings: [{manager: kubectl-edit, grace: 45, preStop: 5}],"
    "deployment: {template: {spec: {tolerations: [{key: dns, operator: Exists}], priorityClassName: high}}}"
)


def test_the_addon_holds_what_was_live_and_what_runs_is_what_ran(tmp_path: Path) -> None:
    simulation = stage(RICH)
    ending = adopted(simulation, tmp_path)
    assert ending == Ending(Changed(""))
    stored = json.loads(held(simulation).text or "")
    assert stored == {
        "replicaCount": 4,
        "tolerations": [{"key": "dns", "operator": "Exists"}],
        "podDisruptionBudget": {"enabled": True, "minAvailable": 2},
        "corefile": COREFILE,
    }
    found = live(simulation)
    runs = found.workload
    assert (held(simulation).version, held(simulation).status) == (VERSION, "ACTIVE")
    assert runs.corefile == COREFILE
    assert (runs.replicas, runs.grace_seconds, runs.pre_stop_seconds) == (4, 45, 5)
    assert member(found.deployment, "spec", "template", "spec")["priorityClassName"] == "high"
    assert [each.min_available for each in found.workload.budgets] == ["2"]
    assert member(found.config or {}, "data")["corp.db"] == "x"
    assert writes(simulation) == ["CreateAddon"]


def test_a_plan_reads_and_writes_nothing(tmp_path: Path) -> None:
    simulation = stage()
    begin = prepared(simulation, tmp_path)
    assert isinstance(begin, Fresh)
    assert begin.plan.errors == ()
    assert (writes(simulation), list(tmp_path.iterdir())) == ([], [])


def test_what_was_live_is_saved_as_a_list_that_kubectl_takes(tmp_path: Path) -> None:
    simulation = stage(RICH)
    adopted(simulation, tmp_path)
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    saved = json.loads(path.read_text())
    assert (saved["apiVersion"], saved["kind"]) == ("v1", "List")
    kinds = [item["kind"] for item in saved["items"]]
    assert kinds == ["ConfigMap", "Deployment", "PodDisruptionBudget"]
    assert saved["items"][0]["data"] == {"Corefile": COREFILE, "corp.db": "x"}
    for item in saved["items"]:
        assert not {"status"} & set(item)
        assert not {"managedFields", "resourceVersion", "uid"} & set(item["metadata"])


def test_desired_values_and_another_version_are_taken_along(tmp_path: Path) -> None:
    simulation = stage()
    fleet = FLEET + "coredns: {lameduck: 10s, replicaCount: 3}\n"
    assert adopted(simulation, tmp_path, fleet, version="v1.12.4-eksbuild.29").outcome == Changed("")
    assert held(simulation).version == "v1.12.4-eksbuild.29"
    assert live(simulation).workload.corefile == COREFILE.replace("5s ", "10s ")
    assert live(simulation).workload.replicas == 3


def test_a_pod_that_is_late_is_waited_for_and_one_that_never_comes_is_told(tmp_path: Path) -> None:
    simulation = stage("stuck: true")
    ending = adopted(simulation, tmp_path)
    assert isinstance(ending.outcome, Failed)
    assert "rollout is stuck" in ending.outcome.trouble.message
    assert any("is unchanged" in sentence for sentence in ending.there)


def test_without_leave_to_take_over_what_others_own_nothing_is_begun(tmp_path: Path) -> None:
    begin = prepared(stage(), tmp_path, resolve_conflicts=ResolveConflicts.NONE)
    assert [one.rule for one in begin.plan.errors] == ["adopt-conflicts"]


def test_a_conflict_that_only_eks_sees_leaves_all_as_it_was_and_is_told(tmp_path: Path) -> None:
    simulation = stage("creates: [{result: fails, keeps: false, code: ConfigurationConflict}]")
    before = live(simulation)
    ending = adopted(simulation, tmp_path)
    assert isinstance(ending.outcome, Failed)
    assert ending.outcome.trouble.cause is Cause.CONFLICT
    assert ending.there == (
        f"EKS reports add-on {VERSION}, CREATE_FAILED",
        "the live Corefile is unchanged",
        "2 pods are running, all from one template",
    )
    assert live(simulation).objects == before.objects


def test_after_a_failure_the_addon_is_given_up_and_the_next_try_succeeds(tmp_path: Path) -> None:
    simulation = stage("creates: [{result: fails, keeps: false, code: AdmissionRequestDenied}]")
    before = live(simulation)
    first = adopted(simulation, tmp_path)
    assert isinstance(first.outcome, Failed)
    again = adopted(simulation, tmp_path)  # goes on with the same, and writes nothing
    assert again.outcome == first.outcome
    assert given_up(simulation, tmp_path) == Ending(RolledBack(""))
    assert live(simulation).objects == before.objects
    assert adopted(simulation, tmp_path).outcome == Changed("")
    assert writes(simulation) == ["CreateAddon", "DeleteAddon", "CreateAddon"]


def test_undoing_leaves_everything_running(tmp_path: Path) -> None:
    simulation = stage(RICH)
    adopted(simulation, tmp_path)
    before = live(simulation)
    assert given_up(simulation, tmp_path) == Ending(RolledBack(""))
    assert isinstance(simulation.session.addons.read(REF), NotInstalled)
    after = live(simulation)
    assert after.deployment["spec"] == before.deployment["spec"]
    assert after.workload.corefile == COREFILE


def test_an_ill_addon_is_a_failure_that_says_so(tmp_path: Path) -> None:
    ending = adopted(stage("creates: [{result: degrades}]"), tmp_path)
    assert isinstance(ending.outcome, Failed)
    assert (ending.outcome.trouble.cause, exit_code(ending.outcome)) == (Cause.UNHEALTHY, ExitCode.ERROR)
    assert "InsufficientNumberOfReplicas" in ending.outcome.trouble.message


def test_an_addon_that_stays_creating_is_not_known_to_have_failed(tmp_path: Path) -> None:
    ending = adopted(stage("creates: [{result: stuck}]"), tmp_path)
    assert isinstance(ending.outcome, Unproven)
    assert ending.outcome.trouble.cause is Cause.STILL_RUNNING


class KilledError(BaseException):
    """Stands for SIGKILL."""


def dies_at(word: str) -> Callable[[str, str], None]:
    def note(step: str, _: str) -> None:
        if step == word:
            raise KilledError

    return note


@pytest.mark.parametrize("word", ["saved", "writing", "creating", "verifying"])
def test_killed_anywhere_a_second_start_ends_it_with_one_write(word: str, tmp_path: Path) -> None:
    simulation = stage()
    with pytest.raises(KilledError):
        carry_out(prepared(simulation, tmp_path), simulation.session, dies_at(word))
    assert live(simulation).workload.corefile == COREFILE
    again = prepared(simulation, tmp_path)
    assert isinstance(again, Fresh if word in {"saved", "writing"} else Begun)
    assert carry_out(again, simulation.session, SILENT) == Ending(Changed(""))
    assert writes(simulation) == ["CreateAddon"]
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("effect", [Reset(after=True), Reset(after=False), Expire()])
def test_a_lost_answer_is_no_second_addon(effect: Effect, tmp_path: Path) -> None:
    simulation = stage()
    simulation.world.add_fault(fault(effect, "CreateAddon", times=1))
    assert adopted(simulation, tmp_path) == Ending(Changed(""))
    assert live(simulation).workload.corefile == COREFILE


def test_a_refusal_of_eks_is_told_and_nothing_has_changed(tmp_path: Path) -> None:
    simulation = stage()
    before = live(simulation)
    simulation.world.add_fault(fault(Deny(), "CreateAddon"))
    ending = adopted(simulation, tmp_path)
    assert isinstance(ending.outcome, Failed)
    assert ending.outcome.trouble.cause is Cause.DENIED
    assert ending.there[0] == "EKS reports no add-on"
    assert live(simulation).objects == before.objects


def changed_meanwhile(simulation: Simulation, begin: Fresh | Begun) -> Ending:
    ending = carry_out(begin, simulation.session, SILENT)
    assert writes(simulation) == []
    assert exit_code(ending.outcome) is not ExitCode.DONE
    return ending


def edited(**fields: object) -> Callable[[Simulated], Simulated]:
    return lambda old: replace(old, **fields)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        (edited(corefile=".:53 {\n}\n"), Stale),
        (edited(corefile=None), Stale),
        (edited(replicas=9), Stale),
        (edited(reach=Reach.UNREACHABLE), UnreachableTarget),
    ],
)
def test_what_moved_between_plan_and_write_is_not_written_over(
    edit: Callable[[Simulated], Simulated], kind: type, tmp_path: Path
) -> None:
    simulation = stage()
    begin = prepared(simulation, tmp_path)
    simulation.world.change_workload(REF, edit)
    assert isinstance(changed_meanwhile(simulation, begin).outcome, kind)


def test_an_addon_that_somebody_else_creates_meanwhile_is_left_alone(tmp_path: Path) -> None:
    simulation = stage()
    begin = prepared(simulation, tmp_path)
    other = prepared(simulation, tmp_path / "other", FLEET + "coredns: {replicaCount: 7}\n")
    carry_out(other, simulation.session, SILENT)
    ending = carry_out(begin, simulation.session, SILENT)
    assert isinstance(ending.outcome, Stale)
    assert writes(simulation) == ["CreateAddon"]


def test_eks_that_does_not_answer_is_unreachable(tmp_path: Path) -> None:
    simulation = stage()
    begin = prepared(simulation, tmp_path)
    simulation.world.add_fault(fault(Deny(), "DescribeAddon"))
    simulation.world.add_fault(fault(Deny(), "ListAddons"))
    assert isinstance(changed_meanwhile(simulation, begin).outcome, UnreachableTarget)


def test_an_addon_that_vanishes_while_it_is_created_is_told(tmp_path: Path) -> None:
    simulation = stage()

    def note(step: str, _: str) -> None:
        if step == "creating":
            simulation.clock.advance(60)
            simulation.session.installer.remove(REF)

    ending = carry_out(prepared(simulation, tmp_path), simulation.session, note)
    assert isinstance(ending.outcome, Failed)
    assert ending.outcome.trouble.cause is Cause.NOT_AS_PLANNED


def during(simulation: Simulation, place: Path, edit: Callable[[], None]) -> Ending:
    """An edit between the add-on's creation and the proof."""

    def note(step: str, _: str) -> None:
        if step == "verifying":
            edit()

    return carry_out(prepared(simulation, place), simulation.session, note)


def test_another_live_corefile_than_was_sent_is_no_success(tmp_path: Path) -> None:
    simulation = stage()

    def edit() -> None:
        keys: JsonObject = {"corefile": COREFILE + "# x\n", "replicaCount": 2}
        simulation.world.change(REF, lambda old: replace(old, live=replace(old.live, keys=keys)))

    ending = during(simulation, tmp_path, edit)
    assert isinstance(ending.outcome, Failed)
    assert "differs from the one sent" in ending.outcome.trouble.message
    assert "the live Corefile is not the original one" in ending.there


def test_fewer_replicas_than_were_asked_for_are_no_success(tmp_path: Path) -> None:
    simulation = stage()

    def edit() -> None:
        keys: JsonObject = {"corefile": COREFILE, "replicaCount": 1}
        simulation.world.change(REF, lambda old: replace(old, live=replace(old.live, keys=keys)))

    ending = during(simulation, tmp_path, edit)
    assert isinstance(ending.outcome, Failed)
    assert "the Deployment has 1 replicas instead of 2" in ending.outcome.trouble.message


def test_access_that_is_lost_before_the_proof_leaves_it_open(tmp_path: Path) -> None:
    simulation = stage()

    def edit() -> None:
        simulation.world.add_fault(fault(Refuse(403, "Forbidden", "no"), "get deployments"))

    ending = during(simulation, tmp_path, edit)
    assert isinstance(ending.outcome, Unproven)
    assert ending.there[-1].startswith("the live objects could not be read")


def test_another_document_than_was_sent_is_no_success(tmp_path: Path) -> None:
    simulation = stage()

    def note(step: str, _: str) -> None:
        if step == "creating":
            simulation.clock.advance(60)
            simulation.session.addons.read(REF)
            simulation.world.write(REF, "{}")

    ending = carry_out(prepared(simulation, tmp_path), simulation.session, note)
    assert isinstance(ending.outcome, Failed)
    assert ending.outcome.trouble.cause is Cause.NOT_AS_PLANNED


def test_a_deletion_that_eks_refuses_is_told(tmp_path: Path) -> None:
    simulation = stage()
    adopted(simulation, tmp_path)
    simulation.world.add_fault(fault(Deny(), "DeleteAddon"))
    ending = given_up(simulation, tmp_path)
    assert isinstance(ending.outcome, Failed)
    assert held(simulation).status == "ACTIVE"


def test_a_deletion_whose_end_cannot_be_seen_is_unreachable(tmp_path: Path) -> None:
    simulation = stage()
    adopted(simulation, tmp_path)
    begin = prepare_undo(fleet_of(FLEET), simulation.session, simulation.book, tmp_path)
    simulation.world.add_fault(fault(Deny(), "DescribeAddon"))
    simulation.world.add_fault(fault(Deny(), "ListAddons"))
    assert isinstance(undo(begin, simulation.session, SILENT).outcome, Unproven)


def test_a_workload_that_moves_during_the_deletion_is_told(tmp_path: Path) -> None:
    simulation = stage()
    adopted(simulation, tmp_path)
    begin = prepare_undo(fleet_of(FLEET), simulation.session, simulation.book, tmp_path)

    def note(step: str, _: str) -> None:
        if step == "deleting":
            simulation.world.change_workload(REF, edited(corefile=".:53 {\n}\n"))

    ending = undo(begin, simulation.session, note)
    assert isinstance(ending.outcome, Failed)
    assert "the live Corefile is not the original one" in ending.there


def refused(simulation: Simulation, place: Path, version: str | None = None) -> EksdnsError:
    with pytest.raises(EksdnsError) as caught:
        prepared(simulation, place, version=version)
    assert writes(simulation) == []
    return caught.value


REFUSALS: list[tuple[str, str]] = [
    ("addon: v1.12.4-eksbuild.18", "CoreDNS is already the managed add-on (v1.12.4-eksbuild.18, ACTIVE)"),
    ("addon: v1.12.4-eksbuild.18, addonStatus: CREATING", "the add-on is being created"),
    ("addon: none, autoMode: true", "EKS Auto Mode provides its own cluster DNS"),
    ("addon: none, status: CREATING", "the cluster is CREATING"),
    ("addon: none", "there is no Deployment coredns in kube-system"),
    ("addon: none, workload: {corefile: x, api: no-entry}", "its Corefile cannot be imported"),
]


@pytest.mark.parametrize(("cluster", "said"), REFUSALS, ids=[said for _, said in REFUSALS])
def test_what_cannot_be_adopted_is_refused_in_words(cluster: str, said: str, tmp_path: Path) -> None:
    simulation = simulate(
        f"""
        version: 1
        accounts: [{{id: "{REF.account}", name: shop, regions: [{REF.region}]}}]
        clusters: [{{name: prod, region: {REF.region}, {cluster}}}]
        """
    )
    error = refused(simulation, tmp_path)
    assert said in error.message
    assert error.hint
    assert error.exit_code is ExitCode.REFUSED


def test_a_coredns_beside_auto_mode_is_adopted_and_given_up_as_any_other(tmp_path: Path) -> None:
    scenario = self_managed(COREFILE).replace("addon: none", "addon: none\n            autoMode: true")
    simulation = simulate(scenario)
    assert adopted(simulation, tmp_path) == Ending(Changed(""))
    assert given_up(simulation, tmp_path) == Ending(RolledBack(""))


def test_an_account_that_does_not_answer_is_an_error(tmp_path: Path) -> None:
    simulation = stage()
    simulation.world.add_fault(fault(Deny(), "DescribeAddon"))
    simulation.world.add_fault(fault(Deny(), "ListAddons"))
    assert refused(simulation, tmp_path).exit_code is ExitCode.ERROR
    lost = stage()
    lost.world.add_fault(fault(Deny(), "ListClusters"))
    assert refused(lost, tmp_path).exit_code is ExitCode.ERROR


@pytest.mark.parametrize("wanted", [None, VERSION])
def test_versions_that_cannot_be_listed_are_an_error(wanted: str | None, tmp_path: Path) -> None:
    simulation = stage()
    simulation.world.add_fault(fault(Deny(), "DescribeAddonVersions"))
    assert refused(simulation, tmp_path, version=wanted).exit_code is ExitCode.ERROR


def test_a_version_that_eks_does_not_offer_there_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    error = refused(stage(), tmp_path, version="v1.8.7-eksbuild.1")
    assert error.exit_code is ExitCode.USAGE
    assert "available: v1.13.2-eksbuild.21" in error.hint


def test_nothing_to_give_up_is_said(tmp_path: Path) -> None:
    simulation = stage()
    with pytest.raises(EksdnsError, match="has no managed CoreDNS add-on"):
        given_up(simulation, tmp_path)
    carry_out(prepared(simulation, tmp_path), simulation.session, SILENT)
    simulation.session.installer.remove(REF)
    assert isinstance(given_up(simulation, tmp_path).outcome, RolledBack), "somebody's deletion is followed"
    assert isinstance(given_up(simulation, tmp_path).outcome, RolledBack), "and proven again where it is gone"
    assert simulation.count("DeleteAddon") == 1
    simulation.world.add_fault(fault(Deny(), "DescribeAddon"))
    simulation.world.add_fault(fault(Deny(), "ListAddons"))
    with pytest.raises(EksdnsError) as caught:
        given_up(simulation, tmp_path)
    assert caught.value.exit_code is ExitCode.ERROR


def test_a_file_that_holds_something_else_is_never_written_over(tmp_path: Path) -> None:
    simulation, path = stage(), tmp_path / "before.json"
    path.write_text("mine")
    begin = prepared(simulation, tmp_path / "x", save=path)
    with pytest.raises(EksdnsError, match="is not an adoption backup of this cluster") as caught:
        carry_out(begin, simulation.session, SILENT)
    assert (caught.value.exit_code, path.read_text(), writes(simulation)) == (ExitCode.REFUSED, "mine", [])


def test_a_named_file_is_found_again_and_damaged_ones_are_none(tmp_path: Path) -> None:
    simulation, path = stage(), tmp_path / "before.json"
    adopted(simulation, tmp_path, save=path)
    assert isinstance(prepared(simulation, tmp_path, save=path), Begun)
    assert isinstance(prepared(simulation, tmp_path, save=path), Begun)
    folder = tmp_path / "folder"
    folder.mkdir()
    document = json.loads(path.read_text())
    for number, text in enumerate(["", "[]", "{}", json.dumps({**document, "items": None})]):
        (folder / f"{REF.account}_{REF.region}_{REF.name}_{number}.json").write_text(text)
    assert [one.corefile for one in saved_adoptions(folder, str(REF))] == [""]
    assert list(saved_adoptions(path, "1/x/other")) == []


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
        parse_scenario(SCENARIO, "scenario.yaml"),
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
    jsonschema.validate(document, schema_of(AdoptionDocument))
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
    assert not Path("state").exists()
    printed = console.call("adopt", "--cluster", "legacy", "--dry-run", "-o", "json")
    document = json.loads(printed.out)
    jsonschema.validate(document, schema_of(AdoptionDocument))
    assert (document["action"], document["outcome"], printed.code) == ("blocked", None, ExitCode.REFUSED)


def test_nobody_to_ask_a_bad_corefile_and_conflicts_are_refused(console: Console) -> None:
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
