"""The pictures of the README and the first pages, drawn by the program.

`python -m tests.support.pages.pictures` writes them into docs/.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.walkthrough import shell

DOCS = ROOT / "docs"
TIMELINES: Mapping[str, str] = {
    "shutdown-default.svg": "timeline --lameduck 5s --grace 30s",
    "shutdown-recommended.svg": "timeline --lameduck 20s --grace 45s --pre-stop 5s",
}
SCREENS: Mapping[str, str] = {"audit.svg": "audit --cluster build"}
"""Commands on the fleet of `eksdns simulate`, in a terminal of 100 columns."""

_COLUMNS = 100
_WIDE, _HIGH, _EDGE = 7.85, 18, 20
_STYLES = (
    (re.compile(r"^(✗|✓|!|\?|-) .*"), "head"),
    (re.compile(r"\b(high|medium):"), "grave"),
    (re.compile(r"`[^`]+`"), "code"),
    (re.compile(r"\[[a-z-]+\]"), "soft"),
)


def pictures() -> Iterator[tuple[Path, str]]:
    """Each picture with its path."""
    with tempfile.TemporaryDirectory() as folder:
        config, scenario = Path(folder) / "fleet.yaml", Path(folder) / "scenario.yaml"
        config.write_text("version: 1\ncoredns: {lameduck: 20s}\n", encoding="utf-8")
        scenario.write_text(_demo(), encoding="utf-8")
        with shell(config, scenario, width=_COLUMNS) as here:
            for name, command in TIMELINES.items():
                here.type(*command.split(), "--svg", "picture.svg")
                yield DOCS / name, Path("picture.svg").read_text(encoding="utf-8")
            Path("eksdns.yaml").unlink()
            for name, command in SCREENS.items():
                _, text = here.type(*command.split(), "--quiet")
                yield DOCS / name, drawn(command, text)


def drawn(command: str, text: str) -> str:
    """A terminal with that command and its output, as SVG without outside fonts."""
    lines = [f"$ eksdns {command}", *text.rstrip("\n").split("\n")]
    height = _HIGH * len(lines) + 2 * _EDGE
    width = round(_WIDE * _COLUMNS) + 2 * _EDGE
    rows = "".join(
        f'<text x="{_EDGE}" y="{_EDGE + _HIGH * at + 13}">{_styled(line)}</text>\n'
        for at, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">\n'
        f"<title>eksdns {escape(command)}</title>\n{_SHEET}"
        f'<rect class="back" width="{width}" height="{height}" rx="8"/>\n{rows}</svg>\n'
    )


_SHEET = """<style>
  svg { --back: #ffffff; --ink: #1f2328; --soft: #59636e; --edge: #d1d9e0;
        --head: #0969da; --grave: #9a6700; --code: #1a7f37; }
  @media (prefers-color-scheme: dark) {
    svg { --back: #0d1117; --ink: #f0f6fc; --soft: #9198a1; --edge: #3d444d;
          --head: #4493f8; --grave: #d29922; --code: #3fb950; } }
  .back { fill: var(--back); stroke: var(--edge); }
  text { fill: var(--ink); white-space: pre;
         font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
  .head { fill: var(--head); font-weight: 600; } .grave { fill: var(--grave); font-weight: 600; }
  .code { fill: var(--code); } .soft { fill: var(--soft); }
</style>
"""


def _styled(line: str) -> str:
    spans = sorted(
        (found.start(), found.end(), style) for rule, style in _STYLES for found in rule.finditer(line)
    )
    parts, at = [], 0
    for start, end, style in spans:
        if start < at:
            continue
        parts += [escape(line[at:start]), f'<tspan class="{style}">{escape(line[start:end])}</tspan>']
        at = end
    return "".join((*parts, escape(line[at:])))


def _demo() -> str:
    return (ROOT / "eksaddon" / "sim" / "scenarios" / "demo.yaml").read_text(encoding="utf-8")


if __name__ == "__main__":
    for path, text in pictures():
        path.write_text(text, encoding="utf-8")
