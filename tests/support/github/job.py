"""A step of a job of GitHub Actions, for commands that run in this process."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eksaddon.report.render import document


@dataclass(frozen=True)
class Job:
    """A step's surroundings.

    Attributes:
        call: Runs a command line.
    """

    folder: Path
    call: Callable[..., Any]
    setenv: Callable[[str, str], None]

    @property
    def outputs(self) -> dict[str, str]:
        lines = iter((self.folder / "output").read_text(encoding="utf-8").splitlines())
        found = {}
        for line in lines:
            name, _, delimiter = line.partition("<<")
            found[name] = "\n".join(iter(lambda: next(lines), delimiter))
        return found

    @property
    def summary(self) -> str:
        return (self.folder / "summary").read_text(encoding="utf-8")

    def event(self, document: object) -> None:
        (self.folder / "event.json").write_text(json.dumps(document), encoding="utf-8")
        self.setenv("GITHUB_EVENT_PATH", str(self.folder / "event.json"))

    def report(self, report: Any, name: str = "report.json") -> str:
        (self.folder / name).write_text(json.dumps(document(report)), encoding="utf-8")
        return name
