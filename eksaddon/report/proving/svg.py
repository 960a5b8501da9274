"""Answered and lost lookups over time, with the pods' ends, as a self-contained SVG image."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, StrictUndefined, Template

from eksaddon.domain.probing.proof import Deletion
from eksaddon.report.escape import terminal

WIDTH, PAD, LEFT = 900, 28, 70
CHART, POD_ROW, NAMES = 180, 24, 190
MOST_TICKS = 10

TEMPLATE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{ width }} {{ height }}" width="{{ width }}" \
height="{{ height }}" role="img" aria-labelledby="title desc">
<title id="title">{{ title }}</title>
<desc id="desc">{{ summary }}</desc>
<style>
  svg { --back: #ffffff; --ink: #1f2328; --soft: #59636e; --rule: #d1d9e0; --good: #1a7f37; --lost: #cf222e;
        --pod: #0969da;
        font-family: ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
  @media (prefers-color-scheme: dark) {
    svg { --back: #0d1117; --ink: #f0f6fc; --soft: #9198a1; --rule: #3d444d; --good: #3fb950; --lost: #f85149;
          --pod: #4493f8; } }
  .back { fill: var(--back); }
  text { fill: var(--ink); font-size: 13px; }
  .title { font-size: 17px; font-weight: 600; }
  .soft { fill: var(--soft); font-size: 12px; }
  .end { text-anchor: end; }
  .mid { text-anchor: middle; }
  .rule { stroke: var(--rule); stroke-width: 1; }
  .good { fill: var(--good); }
  .lost { fill: var(--lost); }
  .pod { fill: var(--pod); }
  .mark { stroke: var(--pod); stroke-width: 1; stroke-dasharray: 3 3; }
  .restart { stroke: var(--ink); stroke-width: 1.5; }
</style>
<rect class="back" width="{{ width }}" height="{{ height }}"/>
<text class="title" x="{{ pad }}" y="36">{{ title }}</text>
<text x="{{ pad }}" y="60">{{ summary }}</text>
<rect class="good" x="{{ pad }}" y="74" width="10" height="10"/>
<text class="soft" x="{{ pad + 16 }}" y="83">answered</text>
<rect class="lost" x="{{ pad + 90 }}" y="74" width="10" height="10"/>
<text class="soft" x="{{ pad + 106 }}" y="83">lost</text>
<text class="soft" x="{{ pad + 150 }}" y="83">lookups per second on all nodes; time since the restart</text>
{% for tick in ticks %}
<line class="rule" x1="{{ tick.x }}" y1="{{ top }}" x2="{{ tick.x }}" y2="{{ bottom }}"/>
<text class="soft mid" x="{{ tick.x }}" y="{{ bottom + 18 }}">{{ tick.text }}</text>
{% endfor %}
<text class="soft end" x="{{ left - 8 }}" y="{{ top + 10 }}">{{ most }}</text>
<text class="soft end" x="{{ left - 8 }}" y="{{ base }}">0</text>
{% for bar in bars %}
<rect class="{{ bar.kind }}" x="{{ bar.x }}" y="{{ bar.y }}" width="{{ bar.width }}" \
height="{{ bar.height }}"/>
{% endfor %}
<line class="rule" x1="{{ left }}" y1="{{ base }}" x2="{{ width - pad }}" y2="{{ base }}"/>
{% if restart is not none %}
<line class="restart" x1="{{ restart }}" y1="{{ top }}" x2="{{ restart }}" y2="{{ bottom }}"/>
{% endif %}
{% for pod in pods %}
<line class="mark" x1="{{ pod.x }}" y1="{{ top }}" x2="{{ pod.x }}" y2="{{ pod.y }}"/>
<rect class="pod" x="{{ pod.x }}" y="{{ pod.y }}" width="{{ pod.width }}" height="10" rx="2"/>
<text class="soft{{ pod.side }}" x="{{ pod.text_x }}" y="{{ pod.y + 9 }}">{{ pod.name }}</text>
{% endfor %}
</svg>
"""


@dataclass(frozen=True, slots=True)
class _Scale:
    """Seconds to pixels."""

    begin: float
    end: float

    def x(self, at: float) -> float:
        plot_width = WIDTH - LEFT - PAD
        share = (min(max(at, self.begin), self.end) - self.begin) / (self.end - self.begin)
        return round(LEFT + plot_width * share, 1)


def proof_svg(
    title: str,
    summary: str,
    seconds: Sequence[tuple[int, int, int]],
    deletions: Sequence[Deletion],
    restarted: float,
) -> str:
    """Draw it.

    Args:
        seconds: Second since the epoch, lookups asked and lost in it.
        restarted: Seconds since the epoch; 0 for not at all.
    """
    times = [*(each[0] for each in seconds), *(each.deleted for each in deletions)] or [restarted]
    scale = _Scale(min(times), max(*times, min(times)) + 1)
    most = max((asked for _, asked, _ in seconds), default=0) or 1
    top, base = 100, 100 + CHART
    bottom = base + 10 + POD_ROW * len(deletions)
    return _template().render(
        title=terminal(title),
        summary=terminal(summary),
        width=WIDTH,
        height=bottom + 40,
        pad=PAD,
        left=LEFT,
        top=top,
        base=base,
        bottom=bottom,
        most=f"{most:,}",
        ticks=_ticks(scale, restarted),
        bars=[bar for each in seconds for bar in _bars(scale, each, most, base)],
        restart=scale.x(restarted) if restarted else None,
        pods=[_pod(scale, each, base + 16 + POD_ROW * row) for row, each in enumerate(deletions)],
    )


def _bars(scale: _Scale, second: tuple[int, int, int], most: int, base: int) -> list[dict[str, object]]:
    at, asked, lost = second
    x, width = scale.x(at), max(1.0, round(scale.x(at + 1) - scale.x(at) - 0.5, 1))
    good, bad = (round(CHART * count / most, 1) for count in (asked - lost, lost))
    found: list[dict[str, object]] = []
    if good > 0:
        found.append({"kind": "good", "x": x, "y": round(base - good, 1), "width": width, "height": good})
    if bad > 0:
        y = round(base - good - bad, 1)
        found.append({"kind": "lost", "x": x, "y": y, "width": width, "height": bad})
    return found


def _pod(scale: _Scale, each: Deletion, y: int) -> dict[str, object]:
    x, end = scale.x(each.deleted), scale.x(each.gone or scale.end)
    is_right = end + NAMES > WIDTH - PAD
    return {
        "x": x,
        "y": y,
        "width": max(2.0, round(end - x, 1)),
        "name": terminal(each.pod),
        "side": " end" if is_right else "",
        "text_x": x - 6 if is_right else end + 6,
    }


def _ticks(scale: _Scale, restarted: float) -> list[dict[str, object]]:
    length = scale.end - scale.begin
    step = next((each for each in (1, 2, 5, 10, 20, 30, 60, 120, 300) if length / each <= MOST_TICKS), 600)
    zero = restarted or scale.begin
    first = -int((zero - scale.begin) // step)
    count = int((scale.end - zero) // step)
    return [
        {"x": scale.x(zero + number * step), "text": f"{number * step} s"}
        for number in range(first, count + 1)
    ]


@functools.cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    return environment.from_string(TEMPLATE)
