"""A small runner of GitHub Actions: reads a workflow as it stands, and runs each of its `run` steps.

What others' actions do is stood in for: checkout, Python, credentials of AWS, artifacts. Anything else that a
workflow would use is an error.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.support.github.expressions import evaluate, filled, shown
from tests.support.paths import ROOT

INSTALL = 'python -m pip install --quiet --disable-pip-version-check "$SPEC"'
STEP_SECONDS = 120


@dataclass
class Ended:
    """Attributes: result: success, failure, skipped or cancelled. outputs: Of the job."""

    result: str
    outputs: dict[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""


@dataclass
class Runner:
    """One run of a workflow.

    Attributes:
        repository: Folder that is checked out.
        folder: Where jobs work and artifacts are kept.
        environ: What all steps see, as AWS_ENDPOINT_URL.
        event: The payload.
        event_name: As `pull_request`.
        approve: Asked with the environment's name before a job with one starts.
        cut: Ends a `run` step early where it returns True, as a cancelled job would.
    """

    repository: Path
    folder: Path
    environ: Mapping[str, str]
    event: Mapping[str, Any]
    event_name: str = "push"
    approve: Callable[[str], bool] = lambda _: True
    cut: Callable[[str, "subprocess.Popen[str]"], bool] = lambda _name, _process: False
    jobs: dict[str, Ended] = field(default_factory=dict)
    numbers: int = 0

    def call(self, name: str, inputs: Mapping[str, Any], prefix: str = "") -> dict[str, Ended]:
        """Run one of our reusable workflows; a job that ended well before is not run again."""
        document = YAML(typ="safe", pure=True).load(
            (ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8")
        )
        declared = document["on"]["workflow_call"]["inputs"]
        assert set(inputs) <= set(declared), "an input that the workflow does not have"
        values = {key: inputs.get(key, one.get("default")) for key, one in declared.items()}
        assert None not in values.values(), f"{name}: an input is missing"
        ended: dict[str, Ended] = {}
        waiting = dict(document["jobs"])
        while waiting:
            job = next(key for key, one in waiting.items() if not set(_needs(one)) & set(waiting))
            ended[job] = self._job(f"{prefix}{job}", waiting.pop(job), document.get("env", {}), values, ended)
        return ended

    def use(self, inputs: Mapping[str, Any]) -> Ended:
        """Use our action as a step of somebody's job, in their repository."""
        document = YAML(typ="safe", pure=True).load(
            (ROOT / ".github" / "actions" / "eksdns" / "action.yml").read_text(encoding="utf-8")
        )
        values = {key: inputs.get(key, one.get("default")) for key, one in document["inputs"].items()}
        runner = {"os": "Linux", "arch": "X64"}
        job = {"steps": document["runs"]["steps"], "outputs": _values(document["outputs"])}
        context = {"inputs": values, "github": {"action_path": str(ROOT)}, "runner": runner}
        return self._steps("action", job, {}, context, checkout=True)

    def _job(
        self,
        name: str,
        job: Mapping[str, Any],
        env: Mapping[str, str],
        inputs: Mapping[str, Any],
        before: Mapping[str, Ended],
    ) -> Ended:
        if name in self.jobs and self.jobs[name].result == "success":
            return self.jobs[name]
        needs = {key: before[key] for key in _needs(job)}
        context = {
            "inputs": inputs,
            "needs": {key: {"result": one.result, "outputs": one.outputs} for key, one in needs.items()},
            "github": self._github(),
        }
        fine = all(one.result == "success" for one in needs.values())
        if not self._wanted(job.get("if", "success()"), context, fine=fine):
            return self.jobs.setdefault(name, Ended("skipped"))
        self.jobs[name] = self._each(name, job, env, context)
        return self.jobs[name]

    def _each(
        self, name: str, job: Mapping[str, Any], env: Mapping[str, str], context: dict[str, Any]
    ) -> Ended:
        """All members of a matrix."""
        if "uses" in job:
            called = job["uses"].rpartition("/")[2]
            given = {key: self._value(value, context) for key, value in job["with"].items()}
            inner = self.call(called, given, prefix=f"{name}/")
            return Ended("success" if all(one.result == "success" for one in inner.values()) else "failure")
        environment = self._value(job.get("environment", ""), context)
        if environment and not self.approve(environment):
            return Ended("failure", log=f"{environment} was not approved")
        matrix = self._value(job.get("strategy", {}).get("matrix", ""), context)
        members = matrix["include"] if matrix else [{}]
        ended = [self._steps(name, job, env, {**context, "matrix": member}) for member in members]
        bad = [one for one in ended if one.result != "success"]
        log, summary = "".join(one.log for one in ended), "".join(one.summary for one in ended)
        return Ended(bad[0].result if bad else "success", ended[-1].outputs, log, summary)

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
        if checkout:
            shutil.copytree(self.repository, place / "work", dirs_exist_ok=True)
        state = _Job(self, name, place, {**context, "steps": {}}, dict(self.environ))
        for key, value in env.items():
            state.environ[key] = shown(self._value(value, state.context))
        for step in job["steps"]:
            state.step(step)
        outputs = {
            key: shown(self._value(value, state.context)) for key, value in job.get("outputs", {}).items()
        }
        return Ended(state.result, outputs, state.log, state.summary)

    def _github(self) -> dict[str, Any]:
        return {
            "event_name": self.event_name,
            "event": self.event,
            "repository": "acme/dns",
            "ref": "refs/heads/main",
            "token": self.environ["REPLAY_TOKEN"],
        }

    def _value(self, value: Any, context: Mapping[str, Any], **more: Any) -> Any:
        return filled(value, context, _functions(**more)) if isinstance(value, str) else value

    def _wanted(self, condition: str, context: Mapping[str, Any], *, fine: bool, work: Path = ROOT) -> bool:
        """Without a word about earlier results, all of them have to be good."""
        text = condition.strip().removeprefix("${{").removesuffix("}}")
        told = any(f"{word}()" in text for word in ("always", "cancelled", "failure", "success"))
        if not (fine or told):
            return False
        return bool(evaluate(text, context, _functions(fine=fine, work=work)))


def _functions(*, fine: bool = True, work: Path = ROOT) -> dict[str, Callable[..., Any]]:
    return {
        "fromJSON": json.loads,
        "format": lambda text, *values: text.format(*values),
        "always": lambda: True,
        "success": lambda: fine,
        "failure": lambda: not fine,
        "cancelled": lambda: False,
        "hashFiles": lambda pattern: "x" if list(work.glob(pattern)) else "",
    }


def _values(outputs: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {name: one["value"] for name, one in outputs.items()}


def _needs(job: Mapping[str, Any]) -> list[str]:
    found = job.get("needs", [])
    return [found] if isinstance(found, str) else list(found)


@dataclass
class _Job:
    runner: Runner
    name: str
    place: Path
    context: dict[str, Any]
    environ: dict[str, str]
    result: str = "success"
    log: str = ""
    summary: str = ""
    count: int = 0

    @property
    def work(self) -> Path:
        return self.place / "work"

    def step(self, step: Mapping[str, Any]) -> None:
        condition = step.get("if", "success()")
        fine = self.result == "success"
        if not self.runner._wanted(condition, self.context, fine=fine, work=self.work):
            return
        self.count += 1
        if "uses" in step:
            given = {
                key: self.runner._value(value, self.context) for key, value in step.get("with", {}).items()
            }
            self._use(step["uses"].partition("@")[0], given)
        else:
            self._run(step)

    def _use(self, action: str, given: Mapping[str, Any]) -> None:
        artifacts = self.runner.folder / "artifacts"
        match action:
            case "actions/checkout":
                shutil.copytree(self.runner.repository, self.work, dirs_exist_ok=True)
            case "actions/setup-python" | "actions/cache":
                pass
            case "aws-actions/configure-aws-credentials":
                self.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
                self.environ["AWS_REGION"] = given["aws-region"]
            case "actions/upload-artifact":
                source, target = self.work / given["path"], artifacts / given["name"]
                if source.is_dir():
                    assert given.get("overwrite") or not target.exists(), f"{target.name} is there already"
                    shutil.rmtree(target, ignore_errors=True)
                    shutil.copytree(source, target)
            case "actions/download-artifact":
                self._download(artifacts, given)
            case _:
                raise AssertionError(f"{action}: not known to the replay")

    def _download(self, artifacts: Path, given: Mapping[str, Any]) -> None:
        if "name" in given:
            shutil.copytree(artifacts / given["name"], self.work / given["path"], dirs_exist_ok=True)
            return
        for one in sorted(artifacts.iterdir()) if artifacts.is_dir() else []:
            if fnmatchcase(one.name, given["pattern"]):
                shutil.copytree(one, self.work / given["path"] / one.name)

    def _run(self, step: Mapping[str, Any]) -> None:
        if step["run"].strip() == INSTALL:
            return  # the program is installed beside Python
        files = {name: self.place / f"{name.lower()}-{self.count}" for name in ("OUTPUT", "STEP_SUMMARY")}
        for path in files.values():
            path.touch()
        env = {
            **self.environ,
            **{key: shown(self.runner._value(one, self.context)) for key, one in step.get("env", {}).items()},
            **{f"GITHUB_{name}": str(path) for name, path in files.items()},
            **self._job_environ(),
        }
        process = subprocess.Popen(
            ["bash", "-e", "-c", step["run"]],
            cwd=self.work,
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        was_cut = self.runner.cut(self.name, process)
        out, _ = process.communicate(timeout=STEP_SECONDS)
        self.log += out
        self.summary += files["STEP_SUMMARY"].read_text(encoding="utf-8")
        if "id" in step:
            outputs = read_outputs(files["OUTPUT"].read_text(encoding="utf-8"))
            self.context["steps"][step["id"]] = {"outputs": outputs}
        if was_cut:
            self.result = "cancelled"
        elif process.returncode and self.result == "success":
            self.result = "failure"

    def _job_environ(self) -> dict[str, str]:
        event = self.place / "event.json"
        event.write_text(json.dumps(self.runner.event), encoding="utf-8")
        return {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.place),
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_EVENT_NAME": self.runner.event_name,
            "GITHUB_REPOSITORY": "acme/dns",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_RUN_ID": "42",
            "GITHUB_ACTOR": "ann",
            "GITHUB_SHA": "ab" * 20,
        }


def read_outputs(text: str) -> dict[str, str]:
    """As the runner reads GITHUB_OUTPUT."""
    found, lines = {}, iter(text.splitlines())
    for line in lines:
        name, _, delimiter = line.partition("<<")
        found[name] = "\n".join(iter(lambda: next(lines), delimiter))
    return found
