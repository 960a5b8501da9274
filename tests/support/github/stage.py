"""A repository whose workflows are replayed on simulated time, with three clusters in two accounts."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from eksaddon.sim.inprocess.virtual_time import VirtualClock
from eksaddon.sim.kubernetes.dispatcher import in_process
from eksaddon.sim.scenario.file import parse_scenario
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from tests.support.github.api import TOKEN, GitHub, github_api
from tests.support.github.artifacts import Artifacts
from tests.support.github.programs import InProcess
from tests.support.github.replay import Again, Review, Runner
from tests.support.timing.virtual_sessions import virtual_sessions

SCENARIO = """
version: 1
pace: {update: [60, 60]}
defaultAccount: hub
accounts:
  - {id: "100000000000", name: hub, regions: [eu-west-1]}
  - {id: "200000000001", name: dev, regions: [eu-west-1], roles: {eksdns-read: {}, eksdns-apply: {}}}
  - {id: "200000000002", name: prod, regions: [eu-west-1], roles: {eksdns-read: {}, eksdns-apply: {}}}
documents: {plain: '{"replicaCount": 2}'}
clusters:
  - {name: dev, account: dev, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
  - {name: shop, account: prod, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
  - name: canary
    account: dev
    region: eu-west-1
    addon: v1.11.4-eksbuild.51
    document: plain
    outcomes: [OUTCOMES]
"""
FAILS = "{result: fails, code: AdmissionRequestDenied, message: frozen, keeps: false, status: ACTIVE}"
FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts:
  - {id: "200000000001", name: dev, role: eksdns-apply, regions: [eu-west-1], labels: {env: dev}}
  - {id: "200000000002", name: prod, role: eksdns-apply, regions: [eu-west-1], labels: {env: prod}}
rollout:
  waves:
    - {name: canary, select: {cluster: canary}, SOAK}
    - {name: dev, select: {labels: {env: dev}}, maxConcurrency: 1, SOAK}
    - {name: prod, select: {labels: {env: prod}}, before: [{type: approval}], SOAK}
"""
HUB = "100000000000"
DAY = 86_400.0
SHARED = {
    "apply-role": "arn:aws:iam::100000000000:role/eksdns-rollout",
    "region": "eu-west-1",
}
ROLLOUT = {**SHARED, "plan-role": "arn:aws:iam::100000000000:role/eksdns-plan"}

READ = {"role": ROLLOUT["plan-role"], "region": "eu-west-1"}


@dataclass
class Stage:
    """A repository with its workflow runs, each with an id of its own."""

    folder: Path
    world: World
    clock: VirtualClock
    github: GitHub
    runners: list[Runner] = field(default_factory=list)
    decisions: dict[str, Review] = field(default_factory=dict)
    """Of environments whose reviewers do not approve."""
    granted: list[str] = field(default_factory=list)
    """Jobs that a person approved."""

    calls: dict[int, tuple[str, Mapping[str, object]]] = field(default_factory=dict)
    """Workflow and inputs, by the ids of runs."""

    secrets: Mapping[str, str] = field(default_factory=dict)
    next_sha: str = "ab" * 20
    """Commit of the next workflow run."""

    artifacts: dict[int, Artifacts] = field(default_factory=dict)
    """Of all runs, by their ids."""

    @property
    def fleet(self) -> Path:
        return self.folder / "repository" / "eksdns.yaml"

    def runner(self, actor: str = "ann", event_name: str = "push", event: object = None) -> Runner:
        number = 42 + len(self.runners)
        environ = {
            "AWS_EC2_METADATA_DISABLED": "true",
            "REPLAY_TOKEN": TOKEN,
            "GITHUB_API_URL": self.github.url,
        }
        repository, folder = self.folder / "repository", self.folder / f"run-{number}"
        made = Runner(repository, folder, environ, event or {}, InProcess(), event_name)  # type: ignore[arg-type]  # JSON
        made.run_id, made.other_runs, made.sha = number, self.artifacts, self.next_sha
        made.actor = made.triggering_actor = actor
        self.artifacts[number] = made.artifacts
        made.review = lambda environment, job: self.review(made, environment, job)
        self.runners.append(made)
        return made

    def review(self, runner: Runner, environment: str, job: str) -> Review:
        decision = self.decisions.get(environment, Review.GRANTED)
        if decision is Review.GRANTED and self.github.environments.get(environment):
            self.granted.append(job)
            self.github.approve(runner.run_id, environment, "ben")
        return decision

    def call(self, workflow: str, **inputs: object) -> Runner:
        runner = self.runner()
        state = {"state": str(self.folder / "state")}
        given = {"eksdns-rollout.yml": {**ROLLOUT, **state}, "eksdns-drift.yml": READ}
        called = {**given.get(workflow, {**SHARED, **state}), **inputs}
        self.calls[runner.run_id] = workflow, called
        self.github.run_commits[runner.run_id] = runner.sha
        runner.secrets = self.secrets
        runner.call(workflow, called)
        return runner

    def review_plan(self, number: int = 7, **inputs: object) -> Runner:
        """A push to a pull request: its workflow comments on it."""
        head = {"sha": "cd" * 20, "repo": {"full_name": "acme/dns"}}
        event = {"number": number, "pull_request": {"number": number, "head": head}}
        return self._plan("pull_request", event, inputs)

    def queue(self, number: int = 7, **inputs: object) -> Runner:
        """The merge queue asks for the checks of a pull request."""
        group = {"head_ref": f"refs/heads/gh-readonly-queue/main/pr-{number}-{'ef' * 20}"}
        return self._plan("merge_group", {"merge_group": group}, inputs)

    def _plan(self, event_name: str, event: object, inputs: Mapping[str, object]) -> Runner:
        runner = self.runner(event_name=event_name, event=event)
        runner.call("eksdns-plan.yml", {**READ, **inputs})
        return runner

    def operate(self, operation: str, **inputs: object) -> Runner:
        return self.call("eksdns-operate.yml", operation=operation, run=self.run_id, **inputs)

    def rerun(self, runner: Runner, again: Again, by: str = "ann") -> None:
        """Run jobs again, as a person does with a click."""
        workflow, inputs = self.calls[runner.run_id]
        runner.triggering_actor = by
        runner.call(workflow, inputs, again)

    def journal(self) -> str:
        """All records of the only run."""
        return (self.folder / "state" / "runs" / f"{self.run_id}.jsonl").read_text()

    @property
    def run_id(self) -> str:
        (journal,) = (self.folder / "state" / "runs").glob("*.jsonl")
        return journal.stem

    @property
    def updated(self) -> list[str]:
        """Clusters in the order in which their updates were accepted."""
        calls = [call for call in self.world.calls if call.operation == "UpdateAddon"]
        return [call.cluster for call in calls if call.status == 200]


def results(runner: Runner) -> dict[str, str]:
    """Results of the jobs of waves that ran."""
    found = {name: one.result for name, one in runner.jobs.items() if name.endswith("/wave")}
    return {name.split("/")[-2]: result for name, result in found.items() if result != "skipped"}


def logs(runner: Runner) -> str:
    return "\n".join(f"== {name} {one.result}\n{one.log}" for name, one in runner.jobs.items())


@contextmanager
def stages(folder: Path) -> Iterator[Callable[..., Stage]]:
    """Gives a function that makes the stage, with the number of failures of the canary and the soak."""
    (folder / "repository").mkdir()
    clock = VirtualClock()
    with ExitStack() as opened, github_api() as github:

        def make(failures: int = 0, soak: str = "soak: 0s") -> Stage:
            text = SCENARIO.replace("OUTCOMES", ", ".join([FAILS] * failures))
            world = world_of(parse_scenario(text, "scenario.yaml"), clock.now, endpoint_of=in_process)
            (folder / "repository" / "eksdns.yaml").write_text(FLEET.replace("SOAK", soak))
            opened.enter_context(virtual_sessions(world, clock, HUB))
            github.protect("eksdns-apply")
            github.protect("eksdns-approval", "ben")
            github.protect("eksdns-operate", "ben")
            return Stage(folder, world, clock, github)

        yield make
