"""Renders an adoption for the terminal: carried settings, fields that EKS takes over, findings and result."""

import json
from collections.abc import Iterator, Sequence

from rich.console import Group as Stack
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from eksaddon.domain.adoption import Adoption, Taken
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import Json
from eksaddon.domain.run.outcome import Changed, Failed, Outcome, RolledBack, Unproven, UnreachableTarget
from eksaddon.report.diff import text_diff
from eksaddon.report.escape import terminal, terminal_block
from eksaddon.report.formats.table_parts import INDENT, SEVERITIES, SIGNS, drawn, glyphs_of
from eksaddon.report.model.classify import reason_of, trouble_of
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.model.text import counted, value_text

SHORTENED = (
    ("Deployment spec.template.spec.containers[name=coredns].", "Deployment container."),
    ("Deployment spec.template.spec.", "Deployment pod."),
)
MOST_DIFF_LINES = 60
INNER = (0, 0, 0, 6)
PROVEN = (
    "the add-on is ACTIVE without issues, its configuration and the live Corefile match the plan, "
    "the rollout is complete"
)


def adoption_table(plan: Adoption, render_options: RenderOptions) -> str:
    return drawn(Stack(*_lines(plan, render_options)), render_options)


def _lines(plan: Adoption, render_options: RenderOptions) -> Iterator[RenderableType]:
    yield _head(plan, render_options)
    if plan.text:
        yield _heading("configuration")
        yield Padding(_configuration(plan, render_options), INNER)
        yield from _corefile_diff(plan)
        yield from _takeovers(plan, render_options)
    for one in sorted(plan.diagnostics, key=lambda one: tuple(Severity).index(one.severity)):
        yield from _finding(one, render_options)


def _head(plan: Adoption, render_options: RenderOptions) -> Text:
    dot = f" {glyphs_of(render_options).dot} "
    word, tone = ("blocked", "red") if plan.errors else ("to adopt", "yellow")
    head = Text(f"{'x' if plan.errors else '+'} {word}", style=f"bold {tone}")
    head.append(f"{dot}{terminal(str(plan.target))}")
    kubernetes_text = f", Kubernetes {plan.kubernetes}" if plan.kubernetes else ""
    head.append(f"{dot}{terminal(plan.version)}{kubernetes_text}", style="bright_black")
    return head


def _heading(title: str) -> RenderableType:
    return Padding(Text(title, style="bright_black"), INDENT)


def _configuration(plan: Adoption, render_options: RenderOptions) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for key, value in plan.values.items():
        table.add_row(Text(terminal(key)), Text(_full_value(value)))
    size = counted(len(plan.corefile.encode("utf-8", "surrogatepass")), "byte")
    is_identical = plan.corefile == plan.live_corefile
    description = (
        "identical to the live Corefile" if is_identical else "the live Corefile with the changes below"
    )
    table.add_row(Text("corefile"), Text(f"{description} {glyphs_of(render_options).dot} {size}"))
    return table


def _full_value(value: Json) -> str:
    return terminal(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _corefile_diff(plan: Adoption) -> Iterator[RenderableType]:
    if plan.corefile != plan.live_corefile:
        for line in text_diff(plan.live_corefile, plan.corefile)[:MOST_DIFF_LINES]:
            text = Text(f"{line.sign} {terminal_block(line.text)}", style=SIGNS.get(line.sign, "default"))
            yield Padding(text, (0, 0, 0, 8))


def _takeovers(plan: Adoption, render_options: RenderOptions) -> Iterator[RenderableType]:
    """Yield changed values one per line, and fields that only change their manager in one line."""
    changed = [one for one in plan.takes if one.changes_value]
    if changed:
        yield _heading("Fields that EKS takes over and changes")
    for one in changed:
        owner = f", managed by {terminal(one.owner)}" if one.owner else ""
        yield Padding(Text(f"{_path(one)}{owner}"), INNER)
        yield Padding(_value_change(one, render_options), (0, 0, 0, 8))
    unchanged = [one for one in plan.takes if not one.changes_value]
    if unchanged:
        names = ", ".join(_path(one) for one in unchanged)
        yield _heading("Fields that EKS takes over unchanged")
        yield Padding(Text(names), INNER)


def _value_change(one: Taken, render_options: RenderOptions) -> Text:
    glyphs = glyphs_of(render_options)
    if any(isinstance(side, str) and "\n" in side for side in (one.live, one.becomes)):
        return Text("changed as shown above")
    text = Text(value_text(one.live, glyphs), style="red")
    text.append(f" {glyphs.arrow} ", style="default")
    text.append(value_text(one.becomes, glyphs), style="green")
    return text


def _path(one: Taken) -> str:
    for long, short in SHORTENED:
        if one.path.startswith(long):
            return terminal(one.path.replace(long, short, 1))
    return terminal(one.path)


def _finding(one: Diagnostic, render_options: RenderOptions) -> Iterator[RenderableType]:
    glyphs = glyphs_of(render_options)
    marks = {Severity.ERROR: glyphs.error, Severity.WARNING: glyphs.warning}
    mark = marks.get(one.severity, glyphs.note)
    text = Text(f"{mark} {one.severity.value}: ", style=SEVERITIES[one.severity])
    text.append(terminal(one.summary), style="default")
    text.append(f" [{terminal(one.rule)}]", style="bright_black")
    yield Padding(text, INDENT)
    if one.detail:
        yield Padding(Text(terminal(one.detail), style="italic"), INNER)


def ending_table(name: str, outcome: Outcome, remarks: Sequence[str], render_options: RenderOptions) -> str:
    """Render the result of an adoption.

    Args:
        name: Name of the cluster.
    """
    return drawn(Stack(*_result_lines(name, outcome, remarks, render_options)), render_options)


def _result_lines(
    name: str, outcome: Outcome, remarks: Sequence[str], render_options: RenderOptions
) -> Iterator[RenderableType]:
    word, tone = _result_label(outcome)
    yield Text(f"{word}: {terminal(name)}", style=f"bold {tone}")
    if isinstance(outcome, Changed):
        yield Padding(Text(PROVEN), INDENT)
    for line in reason_of(outcome).splitlines():
        yield Padding(Text(terminal(line)), INDENT)
    trouble = trouble_of(outcome)
    if trouble is not None:
        yield Padding(Text(f"hint: {terminal(trouble.hint)}", style="italic"), INDENT)
    for sentence in remarks:
        yield Padding(Text(f"{glyphs_of(render_options).note} now: {terminal(sentence)}"), INDENT)


def _result_label(outcome: Outcome) -> tuple[str, str]:
    match outcome:
        case Changed():
            return "adopted", "green"
        case RolledBack():
            return "rolled back", "green"
        case Failed():
            return "failed", "red"
        case UnreachableTarget() | Unproven():
            return "unreachable", "magenta"
        case _:
            return "nothing was written", "yellow"
