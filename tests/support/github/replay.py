"""A small runner of GitHub Actions: reads workflows as they stand, and runs each of their `run` steps.

Understands `needs`, `if`, environments, outputs (also of called workflows), matrices and both kinds of
re-runs. Replaces others' actions: checkout, Python, credentials of AWS, artifacts. Anything else is an error.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.support.github.artifacts import Artifacts
from tests.support.github.expressions import evaluate, filled, shown
from tests.support.github.job_steps import JobSteps
from tests.support.github.programs import Program
from tests.support.paths import ROOT

REPOSITORY = "acme/dns"


@dataclass(frozen=True)
class Ended:
    """Attributes: result: success, failure, skipped or cancelled. outputs: Of the job."""

    result: str
    outputs: Mapping[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""
    inner: "Mapping[str, Ended]" = field(default_factory=dict)


class Review(StrEnum):
    """What becomes of a job that waits for its environment."""

    GRANTED = "success"
    REJECTED = "failure"
    CANCELLED = "cancelled"


class Again(StrEnum):
    """Which jobs a call runs."""

    ALL = "all jobs"
    FAILED = "failed jobs and those that need them"


@dataclass
class Runner:
    """One run of a workflow with its attempts.

    Attributes:
        repository: Folder that is checked out.
        folder: Where jobs work and artifacts are kept.
        environ: What all steps see, as AWS_ENDPOINT_URL.
        event: The payload.
        event_name: As `pull_request`.
        review: Asked with the environment's name and the job before the job starts.
        other_runs: Artifacts of other runs of the repository, by their ids.
        jobs: The last result of each job by its full name, as `wave-1/wave`.
        ran: Full names of the jobs that ran in this attempt.
    """

    repository: Path
    folder: Path
    environ: Mapping[str, str]
    event: Mapping[str, Any]
    program: Program
    event_name: str = "push"
    review: Callable[[str, str], Review] = lambda _environment, _job: Review.GRANTED
    run_id: int = 42
    actor: str = "ann"
    triggering_actor: str = "ann"
    """Who caused this attempt."""
    sha: str = "ab" * 20
    other_runs: Mapping[int, Artifacts] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Those that the caller passes to the workflow."""
    jobs: dict[str, Ended] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)
    attempt: int = 0
    numbers: int = 0

    def __post_init__(self) -> None:
        self.artifacts = Artifacts(self.folder / "artifacts")

    def call(self, name: str, inputs: Mapping[str, Any], again: Again = Again.ALL) -> dict[str, Ended]:
        """Run one of our reusable workflows: first, or again as one can with a click."""
        self.attempt += 1
        self.ran.clear()
        self.artifacts.attempt = self.attempt
        if again is Again.ALL:
            self.artifacts.since = self.attempt
            self.jobs.clear()
        ended, _ = self._workflow(name, inputs, self.secrets, "", must=again is Again.ALL)
        return ended

    def use(self, inputs: Mapping[str, Any]) -> Ended:
        """Use our action as a step of somebody's job, in their repository."""
        self.attempt = self.artifacts.attempt = 1
        path = ROOT / ".github" / "actions" / "eksdns"
        document = read_yaml(path / "action.yml")
        values = {key: inputs.get(key, one.get("default")) for key, one in document["inputs"].items()}
        job = {"steps": document["runs"]["steps"], "outputs": _values(document["outputs"])}
        context = {
            "inputs": values,
            "env": {},
            "github": {**self._github(), "action_path": str(path)},
            "runner": {"os": "Linux", "arch": "X64"},
        }
        return self._steps("action", job, {}, context, checkout=True)

    def _workflow(
        self, name: str, inputs: Mapping[str, Any], secrets: Mapping[str, str], prefix: str, *, must: bool
    ) -> tuple[dict[str, Ended], bool]:
        """Results of its jobs, and whether any of them ran."""
        document = read_yaml(ROOT / ".github" / "workflows" / name)
        declared = document["on"]["workflow_call"]["inputs"]
        assert set(inputs) <= set(declared), f"{name} does not have {set(inputs) - set(declared)}"
        values = {key: inputs.get(key, default_of(one)) for key, one in declared.items()}
        assert set(secrets) <= set(document["on"]["workflow_call"].get("secrets", {})), name
        missing = [key for key, one in declared.items() if one.get("required") and key not in inputs]
        assert not missing, f"{name}: {missing} is missing"
        ended: dict[str, Ended] = {}
        again: set[str] = set()
        waiting = dict(document["jobs"])
        while waiting:
            job = next(key for key, one in waiting.items() if not set(needs_of(one)) & set(waiting))
            one = waiting.pop(job)
            follows = must or bool(again & set(needs_of(one)))
            given = {"inputs": values, "secrets": secrets}
            ended[job], has_run = self._job(
                f"{prefix}{job}", one, document.get("env", {}), given, ended, must=follows
            )
            again |= {job} if has_run else set()
        return ended, bool(again)

    def _job(
        self,
        name: str,
        job: Mapping[str, Any],
        env: Mapping[str, str],
        given: Mapping[str, Any],
        before: Mapping[str, Ended],
        *,
        must: bool,
    ) -> tuple[Ended, bool]:
        old = self.jobs.get(name)
        if old is not None and not must and old.result in {"success", "skipped"}:
            return old, False
        needs = {key: before[key] for key in needs_of(job)}
        context = {
            **given,
            "needs": {key: {"result": one.result, "outputs": one.outputs} for key, one in needs.items()},
            "github": self._github(),
        }
        results = {one.result for one in needs.values()}
        if self.wanted(job.get("if", "success()"), context, results=results):
            self.jobs[name] = self._each(name, job, env, context, must=must)
        else:
            self.jobs[name] = Ended("skipped")
        return self.jobs[name], True

    def _each(
        self,
        name: str,
        job: Mapping[str, Any],
        env: Mapping[str, str],
        context: dict[str, Any],
        *,
        must: bool,
    ) -> Ended:
        """A called workflow, or all members of a matrix."""
        if "uses" in job:
            return self._called(name, job, context, must=must)
        environment = job.get("environment", "")
        named = environment.get("name", "") if isinstance(environment, Mapping) else environment
        if environment_name := self.value(named, context):
            review = self.review(environment_name, name)
            if review is not Review.GRANTED:
                return Ended(review.value, log=f"{environment_name}: {review.name.lower()}")
        matrix = self.value(job.get("strategy", {}).get("matrix", ""), context)
        members = _members(matrix) if matrix else [{}]
        self.ran.append(name)
        ended = []
        for index, member in enumerate(members):
            strategy = {"job-index": index, "job-total": len(members)}
            ended.append(self._steps(name, job, env, {**context, "matrix": member, "strategy": strategy}))
        bad = [one for one in ended if one.result != "success"]
        log, summary = "".join(one.log for one in ended), "".join(one.summary for one in ended)
        return Ended(bad[0].result if bad else "success", ended[-1].outputs, log, summary)

    def _called(self, name: str, job: Mapping[str, Any], context: dict[str, Any], *, must: bool) -> Ended:
        called = job["uses"].rpartition("/")[2]
        given = {key: self.value(value, context) for key, value in job["with"].items()}
        secrets = {key: shown(self.value(value, context)) for key, value in job.get("secrets", {}).items()}
        inner, _ = self._workflow(called, given, secrets, f"{name}/", must=must)
        results = {one.result for one in inner.values()}
        result = next((bad for bad in ("failure", "cancelled") if bad in results), "success")
        outputs = read_yaml(ROOT / ".github" / "workflows" / called)["on"]["workflow_call"].get("outputs", {})
        context = {"jobs": {key: {"outputs": one.outputs} for key, one in inner.items()}}
        return Ended(
            result,
            {key: shown(self.value(one, context)) for key, one in _values(outputs).items()},
            "".join(one.log for one in inner.values()),
            "".join(one.summary for one in inner.values()),
            inner,
        )

    def _steps(
        self,
        name: str,
        job: Mapping[str, Any],
        env: Mapping[str, str],
        context: dict[str, Any],
        *,
        checkout: bool = False,
    ) -> Ended:
        self.numbers += 1
        place = self.folder / f"job-{self.numbers}"
        (place / "work").mkdir(parents=True)
        steps = JobSteps(self, name, place, context, permissions=job.get("permissions", {}))
        if checkout:
            steps.check_out()
        for key, value in {**env, **job.get("env", {})}.items():
            steps.environ[key] = shown(self.value(value, steps.context))
        for step in job["steps"]:
            steps.step(step)
        outputs = {
            key: shown(self.value(value, steps.context)) for key, value in job.get("outputs", {}).items()
        }
        return Ended(steps.result, outputs, steps.log, steps.summary)

    def _github(self) -> dict[str, Any]:
        return {
            "event_name": self.event_name,
            "event": self.event,
            "repository": REPOSITORY,
            "ref": "refs/heads/main",
            "sha": self.sha,
            "actor": self.actor,
            "triggering_actor": self.triggering_actor,
            "run_id": str(self.run_id),
            "run_attempt": str(self.attempt),
            "token": self.environ["REPLAY_TOKEN"],
        }

    def value(self, value: Any, context: Mapping[str, Any]) -> Any:
        return filled(value, context, functions({"success"})) if isinstance(value, str) else value

    def wanted(
        self, condition: str, context: Mapping[str, Any], *, results: set[str], work: Path = ROOT
    ) -> bool:
        """Without a status function, all earlier results have to be good."""
        text = condition.strip().removeprefix("${{").removesuffix("}}")
        told = any(f"{word}()" in text for word in ("always", "cancelled", "failure", "success"))
        if not told and results - {"success"}:
            return False
        return bool(evaluate(text, context, functions(results, work)))


def functions(results: set[str], work: Path = ROOT) -> dict[str, Callable[..., Any]]:
    return {
        "fromJSON": json.loads,
        "toJSON": json.dumps,
        "format": lambda text, *values: text.format(*map(shown, values)),
        "contains": lambda where, what: what in where,
        "always": lambda: True,
        "success": lambda: not results - {"success"},
        "failure": lambda: "failure" in results,
        "cancelled": lambda: "cancelled" in results,
        "hashFiles": lambda pattern: "x" if list(work.glob(pattern)) else "",
    }


def read_yaml(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def default_of(declared: Mapping[str, Any]) -> Any:
    """GitHub's value of an input that is not given."""
    return declared.get("default", {"string": "", "boolean": False, "number": 0}[declared["type"]])


def needs_of(job: Mapping[str, Any]) -> list[str]:
    found = job.get("needs", [])
    return [found] if isinstance(found, str) else list(found)


def _members(matrix: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Of a matrix with `include` alone, or with one axis."""
    if "include" in matrix:
        return list(matrix["include"])
    ((axis, values),) = matrix.items()
    return [{axis: value} for value in values]


def _values(outputs: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {name: one["value"] for name, one in outputs.items()}
