"""The steps of one replayed job."""

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from tests.support.github.artifacts import Artifacts, MissingArtifactError
from tests.support.github.expressions import shown
from tests.support.github.programs import Program, Script

INSTALLS = (
    '.eksdns/.github/install.sh "$RUNNER_TEMP/eksdns"',
    '"$ACTION_PATH/../../install.sh" "$RUNNER_TEMP/eksdns"',
)


class Run(Protocol):
    """The run of a workflow that a job is part of; see `Runner`."""

    repository: Path
    environ: Mapping[str, str]
    event: Mapping[str, Any]
    event_name: str
    program: Program
    artifacts: Artifacts
    other_runs: Mapping[int, Artifacts]
    run_id: int
    attempt: int
    actor: str
    triggering_actor: str
    sha: str

    def value(self, value: Any, context: Mapping[str, Any]) -> Any: ...

    def wanted(
        self, condition: str, context: Mapping[str, Any], *, results: set[str], work: Path = ...
    ) -> bool: ...


class JobSteps:
    """Runs steps one after another, as a runner does for one job.

    Args:
        place: The job's own folder.
        permissions: Those of the job's token.
    """

    def __init__(
        self,
        runner: Run,
        name: str,
        place: Path,
        context: Mapping[str, Any],
        permissions: Mapping[str, str],
    ) -> None:
        self.runner, self.name, self.place = runner, name, place
        self.permissions = permissions
        self.context: dict[str, Any] = {
            "runner": {"temp": str(place / "temp"), "os": "Linux", "arch": "X64"},
            "job": {"workflow_repository": "eksdns/eksdns", "workflow_sha": "c" * 40, "status": "success"},
            **context,
            "steps": {},
        }
        self.environ: dict[str, str] = dict(runner.environ)
        self.has_source = False
        self.result, self.log, self.summary, self.count = "success", "", "", 0

    @property
    def work(self) -> Path:
        return self.place / "work"

    def check_out(self) -> None:
        shutil.copytree(self.runner.repository, self.work, dirs_exist_ok=True)

    def _check_out(self, given: Mapping[str, Any]) -> None:
        """The caller's repository, or the source of the called workflow beside it."""
        if "repository" not in given:
            self.check_out()
            return
        assert given["repository"] == "eksdns/eksdns", given
        assert re.fullmatch("[0-9a-f]{40}", given["ref"]), given
        self.has_source = given["path"] == ".eksdns"

    def step(self, step: Mapping[str, Any]) -> None:
        condition = step.get("if", "success()")
        if not self.runner.wanted(condition, self.context, results={self.result}, work=self.work):
            return
        self.count += 1
        if "uses" in step:
            given = {
                key: self.runner.value(value, self.context) for key, value in step.get("with", {}).items()
            }
            try:
                self._use(step["uses"].partition("@")[0], given)
            except MissingArtifactError as error:
                self.log += f"{error}\n"
                if not step.get("continue-on-error"):
                    self.result = "failure"
        else:
            self._run(step)

    def _use(self, action: str, given: Mapping[str, Any]) -> None:
        artifacts = self.runner.artifacts
        match action:
            case "actions/checkout":
                self._check_out(given)
            case "actions/setup-python" | "actions/cache":
                pass
            case "aws-actions/configure-aws-credentials":
                assert self.permissions.get("id-token") == "write", f"{self.name}: no OIDC token"
                self.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
                self.environ["AWS_REGION"] = given["aws-region"]
            case "github/codeql-action/upload-sarif":
                assert self.permissions.get("security-events") == "write", f"{self.name}: cannot upload"
                self.log += f"uploaded {(self.work / given['sarif_file']).stat().st_size} bytes"
            case "actions/upload-artifact":
                source = self.work / given["path"]
                if source.is_dir():
                    artifacts.put(source, given["name"], overwrite=bool(given.get("overwrite")))
            case "actions/download-artifact":
                self._download(given)
            case _:
                raise AssertionError(f"{action}: not known to the replay")

    def _download(self, given: Mapping[str, Any]) -> None:
        artifacts, path = self.runner.artifacts, self.work / given["path"]
        if "run-id" in given:
            assert self.permissions.get("actions") == "read", f"{self.name}: cannot read other runs"
            assert given["github-token"]
            other = self.runner.other_runs.get(int(given["run-id"]))
            if other is None:
                raise MissingArtifactError(f"no run {given['run-id']}")
            other.get(given["name"], path)
        elif "name" in given:
            artifacts.get(given["name"], path)
        else:
            artifacts.get_matching(given["pattern"], path)

    def _run(self, step: Mapping[str, Any]) -> None:
        if step["run"].strip() in INSTALLS:
            self._install(step)
            return
        files = {name: self.place / f"{name.lower()}-{self.count}" for name in ("OUTPUT", "STEP_SUMMARY")}
        for path in files.values():
            path.touch()
        env = {
            **self.environ,
            **{key: shown(self.runner.value(one, self.context)) for key, one in step.get("env", {}).items()},
            **{f"GITHUB_{name}": str(path) for name, path in files.items()},
            **self._job_environ(),
        }
        done = self.runner.program(Script(self.name, step["run"], self.work, env))
        self.log += done.log
        self.summary += files["STEP_SUMMARY"].read_text(encoding="utf-8")
        if "id" in step:
            outputs = read_outputs(files["OUTPUT"].read_text(encoding="utf-8"))
            self.context["steps"][step["id"]] = {"outputs": outputs}
        if done.was_cut:
            self.result = "cancelled"
        elif done.code and self.result == "success":
            self.result = "failure"

    def _install(self, step: Mapping[str, Any]) -> None:
        """The program is there already; another test runs the script itself."""
        if "env" in step:
            action = Path(self.runner.value(step["env"]["ACTION_PATH"], self.context))
            assert (action / "../../install.sh").is_file()
        else:
            assert self.has_source, f"{self.name}: the source of the workflow is not checked out"

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
            "GITHUB_RUN_ID": str(self.runner.run_id),
            "GITHUB_RUN_ATTEMPT": str(self.runner.attempt),
            "GITHUB_ACTOR": self.runner.actor,
            "GITHUB_TRIGGERING_ACTOR": self.runner.triggering_actor,
            "GITHUB_SHA": self.runner.sha,
            "GITHUB_REF": "refs/heads/main",
        }


def read_outputs(text: str) -> dict[str, str]:
    """As the runner reads GITHUB_OUTPUT."""
    found, lines = {}, iter(text.splitlines())
    for line in lines:
        name, _, delimiter = line.partition("<<")
        found[name] = "\n".join(iter(lambda: next(lines), delimiter))
    return found
