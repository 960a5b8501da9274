"""Nothing that others wrote acts on a terminal, a log or a spreadsheet: every verb, format and stream."""

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from eksaddon.cli.gate import guarded
from eksaddon.cli.root import program
from eksaddon.cli.streams import unfailing_messages
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.run.result import RunState, WaveResult
from eksaddon.domain.run.wave_progress import WaveState
from eksaddon.domain.target import ClusterRef
from eksaddon.report.format import Format
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.model.states import STATES, Kind
from eksaddon.report.render import Drifted, Planned, Ran, Report, render
from tests.support.examples import one_quick
from tests.support.hostile import STRINGS, acting
from tests.support.paths import ROOT
from tests.support.report.filled import filled
from tests.support.report.reports import hostile_plan, hostile_run
from tests.support.walkthrough import Shell, shell

FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""
SCENARIO = """
version: 1
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
clusters:
  - {name: one, region: eu-west-1, addon: v1.11.4-eksbuild.51}
"""
NOT_TYPED = {("simulate",), ("demo",)}
"""They take no text of others but a file's name, and serve or run a whole fleet."""


Command = Any
"""Typer brings a Click of its own, whose classes have no public name."""


def _leaves(command: Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Command]]:
    if hasattr(command, "commands"):
        for name, each in command.commands.items():
            yield from _leaves(each, (*path, name))
    elif path not in NOT_TYPED:
        yield path, command


def _lines() -> Iterator[tuple[str, ...]]:
    """Every verb, with a hostile text for each of its arguments and options in turn."""
    texts = cycle(text for text in STRINGS if "\x00" not in text)
    for path, command in _leaves(program()):
        arguments = [each for each in command.params if each.param_type_name == "argument"]
        needed = [next(texts) for each in arguments]
        yield (*path, *needed)
        for each in command.params:
            if each not in arguments and not each.is_flag and not each.count:
                text = next(texts)
                yield (*path, *needed, each.opts[0], f"json={text}" if each.name == "report" else text)


LINES = tuple(_lines())


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "fleet.yaml").write_text(FLEET)
    (folder / "scenario.yaml").write_text(SCENARIO)
    with shell(folder / "fleet.yaml", folder / "scenario.yaml") as one:
        yield one


def test_there_are_two_hundred_of_them() -> None:
    assert len(set(STRINGS)) >= 200
    assert sum(bool(acting(text)) for text in STRINGS) >= 180


@pytest.mark.slow
@pytest.mark.parametrize("verb", sorted({line[0] for line in LINES}))
def test_no_verb_lets_a_text_act(here: Shell, verb: str) -> None:
    for line in (one for one in LINES if one[0] == verb):
        code, text = here.type(*line)
        text = re.sub(r"(?m)^::error title=", "", text) if verb == "github" else text  # its own annotations
        assert acting(text) == [], line
        assert code != 70, (line, text)


def _failing(text: str) -> int:
    raise EksdnsError(text, hint=text)


def test_every_text_is_neutral_in_an_error_on_two_lines() -> None:
    for text in STRINGS:
        screen = io.StringIO()
        with contextlib.redirect_stderr(screen), unfailing_messages():
            guarded(lambda text=text: _failing(text))  # type: ignore[misc]  # mypy cannot type its default
        assert acting(screen.getvalue()) == [], text
        assert screen.getvalue().count("\n") <= 2, text


OWN = {
    Format.GITHUB: r"(?m)^::(error|warning|notice|debug) ",
    Format.MARKDOWN: "(?<=[⚠ℹ])\ufe0f",
    Format.COMMENT: "(?<=[⚠ℹ])\ufe0f",
    Format.CSV: "\r(?=\n)",  # as RFC 4180 ends lines
}


@pytest.mark.parametrize("wanted", one_quick(reversed(Format), 3))
@pytest.mark.parametrize(
    "kind", ["plan", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("drift", "run"))]
)
def test_no_format_lets_a_text_act(wanted: Format, kind: str) -> None:
    plan = hostile_plan(STRINGS)
    reports: dict[str, Report] = {
        "plan": Planned(plan),
        "drift": Drifted(plan),
        "run": Ran(hostile_run(STRINGS)),
    }
    report = reports[kind]
    text = render(report, wanted, RenderOptions())
    own = OWN.get(wanted)
    assert acting(re.sub(own, "", text) if own else text) == []
    if wanted is Format.CSV:
        assert not [line for line in text.splitlines() if re.match(r'"?[=+\-@＝]', line)]


def _model(kind: Kind) -> ReportModel:
    """A report of this kind with a hostile text in every field of text, whatever fields there are."""
    texts = cycle(STRINGS)
    states = cycle(state.word for state in STATES[kind])
    ref = ClusterRef("111122223333", "eu-west-1", "shop")  # EKS and AWS give these, by a pattern
    entries = tuple(
        filled(Entry, texts, state=next(states), ref=replace(ref, name=f"{text}{number}"), grade="C")
        for number, text in enumerate(STRINGS[::20])
    )
    run_state = RunState.FAILED.value if kind is Kind.RUN else ""
    waves = tuple(filled(WaveResult, texts, state=state.value) for state in WaveState)
    at = "2026-01-02T03:04:05Z"
    given = {"created_at": at, "entries": entries, "run_state": run_state, "waves": waves}
    model = filled(ReportModel, texts, kind=kind, **given)
    assert isinstance(model, ReportModel)
    return model


@pytest.mark.parametrize("wanted", list(Format))
@pytest.mark.parametrize("kind", list(Kind))
def test_no_field_of_a_report_lets_a_text_act(wanted: Format, kind: Kind) -> None:
    text = render(_model(kind), wanted, RenderOptions())
    own = OWN.get(wanted)
    assert acting(re.sub(own, "", text) if own else text) == []
    if wanted is Format.CSV:
        assert not [line for line in text.splitlines() if re.match(r'"?[=+\-@＝]', line)]


@pytest.mark.slow
def test_nothing_acts_in_a_process_either(tmp_path: Path) -> None:
    """As bytes, on both streams; what a command line cannot hold is left out."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
    joined = "".join(text for text in STRINGS if "\x00" not in text)
    for line in (
        ("validate", joined),
        ("show", joined),
        ("history", joined, "--state", str(tmp_path)),
        ("corefile", "show", joined),
        ("plan", "--all", "--config", joined),
        ("schema", joined),
        (joined,),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "eksaddon", *line],
            capture_output=True,
            env=environ,
            cwd=tmp_path,
            timeout=60,
            check=False,
        )
        assert done.returncode in {1, 64}, line[0]
        assert acting(done.stdout.decode()) == acting(done.stderr.decode()) == []


def test_library_output_on_stderr_is_escaped_too() -> None:
    screen = io.StringIO()
    with contextlib.redirect_stderr(screen), unfailing_messages():
        for text in STRINGS:
            sys.stderr.write(f"UserWarning: {text}\n")
    assert acting(screen.getvalue()) == []


RICH = {"report/formats/table_parts.py", "cli/run_view.py", "cli/commands/support/help.py"}
"""Modules that print with Rich's `Console.print`."""


def test_nothing_writes_beside_the_gate() -> None:
    gate = {"cli/messages.py", "cli/streams.py"}
    ways = re.compile(
        r"sys\.(stderr|stdout)\.(write|buffer|writelines)|\bprint\(|print_exc|typer\.(echo|secho)|file=sys\."
    )
    for path in sorted((ROOT / "eksaddon").rglob("*.py")):
        name = path.relative_to(ROOT / "eksaddon").as_posix()
        text = path.read_text(encoding="utf-8")
        found = [one.group() for one in ways.finditer(text)]
        if name == "app/corefile.py":  # a Corefile on its way through a pipe stays as it is, byte for byte
            found = [one for one in found if one != "sys.stdout.buffer"]
        if name in RICH:  # into a text, or the gate
            found = [one for one in found if one != "print("]
        assert name in gate or not found, name
