"""Answered and lost lookups over time, with what happened meanwhile, as a self-contained SVG image."""

import functools
import math
import textwrap
from collections.abc import Sequence

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from eksaddon.frozen import dataclass
from eksaddon.report.escape import terminal

WIDTH, PAD, LEFT = 900, 28, 70
CHART, SPAN_ROW, MARK_ROW = 180, 24, 16
CHARACTER = 6.2
"""Pixels of a character of the small text, on average."""

TITLE_CHARACTERS, SUMMARY_CHARACTERS = 82, 124
"""Of a line, at the size of its text."""

TITLE_ROW, LINE_ROW = 22, 18
LINES_APART = 6
"""Pixels between two dashed lines; the second of two that are closer is omitted."""

MOST_TICKS = 10
MOST_BARS = 400
"""Above that, a bar stands for several seconds."""

MOST_SPANS = 20
STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400)

STYLE = """\
  .lookups { --back: #ffffff; --ink: #1f2328; --soft: #59636e; --rule: #d1d9e0; --good: #1a7f37;
    --lost: #cf222e; --pod: #0969da;
    font-family: ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
  @media (prefers-color-scheme: dark) {
    .lookups { --back: #0d1117; --ink: #f0f6fc; --soft: #9198a1; --rule: #3d444d; --good: #3fb950;
      --lost: #f85149; --pod: #4493f8; } }
  .lookups .back { fill: var(--back); }
  .lookups text { fill: var(--ink); font-size: 13px; }
  .lookups .title { font-size: 17px; font-weight: 600; }
  .lookups .soft { fill: var(--soft); font-size: 12px; }
  .lookups .end { text-anchor: end; }
  .lookups .mid { text-anchor: middle; }
  .lookups .rule { stroke: var(--rule); stroke-width: 1; }
  .lookups .good { fill: var(--good); }
  .lookups .lost { fill: var(--lost); }
  .lookups .pod { fill: var(--pod); }
  .lookups .dashed { stroke: var(--pod); stroke-width: 1; stroke-dasharray: 3 3; }
  .lookups .mark { stroke: var(--ink); stroke-width: 1.5; }
"""
"""Of every picture, also of those within a page, whose own style these names leave alone."""

TEMPLATE = """\
<svg xmlns="http://www.w3.org/2000/svg" class="lookups" viewBox="0 0 {{ width }} {{ height }}" \
width="{{ width }}" height="{{ height }}" role="img" aria-labelledby="{{ id }}title {{ id }}desc">
<title id="{{ id }}title">{{ title | join(" ") }}</title>
<desc id="{{ id }}desc">{{ summary | join(" ") }}</desc>
{% if style %}
<style>
{{ style }}</style>
{% endif %}
<rect class="back" width="{{ width }}" height="{{ height }}"/>
{% for line in title %}
<text class="title" x="{{ pad }}" y="{{ 36 + title_row * loop.index0 }}">{{ line }}</text>
{% endfor %}
{% for line in summary %}
<text x="{{ pad }}" y="{{ legend_y - 23 - line_row * loop.revindex0 }}">{{ line }}</text>
{% endfor %}
<rect class="good" x="{{ pad }}" y="{{ legend_y - 9 }}" width="10" height="10"/>
<text class="soft" x="{{ pad + 16 }}" y="{{ legend_y }}">answered</text>
<rect class="lost" x="{{ pad + 90 }}" y="{{ legend_y - 9 }}" width="10" height="10"/>
<text class="soft" x="{{ pad + 106 }}" y="{{ legend_y }}">lost</text>
<text class="soft" x="{{ pad + 150 }}" y="{{ legend_y }}">{{ legend }}</text>
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
{% for mark in marks %}
<line class="mark" x1="{{ mark.x }}" y1="{{ mark.y }}" x2="{{ mark.x }}" y2="{{ base }}"/>
<text class="soft{{ mark.side }}" x="{{ mark.text_x }}" y="{{ mark.y + 10 }}">{{ mark.name }}</text>
{% endfor %}
{% for span in spans %}
{% if span.has_line %}
<line class="dashed" x1="{{ span.x }}" y1="{{ top }}" x2="{{ span.x }}" y2="{{ span.y }}"/>
{% endif %}
<rect class="{{ span.kind }}" x="{{ span.x }}" y="{{ span.y }}" width="{{ span.width }}" height="10" rx="2"/>
<text class="soft{{ span.side }}" x="{{ span.text_x }}" y="{{ span.y + 9 }}">{{ span.name }}</text>
{% endfor %}
{% if more %}
<text class="soft" x="{{ left }}" y="{{ bottom - 8 }}">{{ more }}</text>
{% endif %}
</svg>
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened: a vertical line. Times are in seconds since the epoch."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasted: a bar below the chart.

    Attributes:
        end: None for the end of the picture.
        is_bad: Drawn in the colour of lost lookups.
    """

    begin: float
    end: float | None
    text: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Lookups:
    """What is drawn.

    Attributes:
        seconds: Second since the epoch, lookups asked and lost in it; in order.
        step: Seconds that each of `seconds` stands for.
        zero: Seconds since the epoch from which the time is counted.
        since: What happened then, such as `the restart`.
    """

    title: str
    summary: str
    seconds: Sequence[tuple[int, int, int]]
    zero: float
    since: str
    marks: Sequence[Mark] = ()
    spans: Sequence[Span] = ()
    step: int = 1


@dataclass(frozen=True, slots=True)
class _Scale:
    """Seconds to pixels."""

    begin: float
    end: float

    def x(self, at: float) -> float:
        plot_width = WIDTH - LEFT - PAD
        share = (min(max(at, self.begin), self.end) - self.begin) / (self.end - self.begin)
        return round(LEFT + plot_width * share, 1)


def lookups_svg(found: Lookups, page_id: str = "") -> str:
    """Draw it; rows of spans beyond the first are counted.

    Args:
        page_id: Unique within a page that has `STYLE`; empty for a file of its own.
    """
    spans = found.spans[:MOST_SPANS]
    left = len(found.spans) - len(spans)
    seconds, length = _combined(found.seconds, found.step)
    times = [each[0] for each in seconds]
    times += [math.floor(at) for at in (*(one.begin for one in spans), *(one.at for one in found.marks))]
    last = max(times, default=int(found.zero)) + length
    ends = (math.ceil(one.end) for one in spans if one.end is not None)
    scale = _Scale(min(times, default=int(found.zero)), max(last, *ends, 0))
    most = max((asked for _, asked, _ in seconds), default=0) or 1
    title, summary = (
        textwrap.wrap(terminal(text), size)
        for text, size in ((found.title, TITLE_CHARACTERS), (found.summary, SUMMARY_CHARACTERS))
    )
    legend_y = 59 + TITLE_ROW * max(0, len(title) - 1) + LINE_ROW * len(summary) + 6 * bool(summary)
    head = legend_y + 13
    top = head + MARK_ROW * len(found.marks)
    base = top + CHART
    bottom = base + 10 + SPAN_ROW * (len(spans) + bool(left))
    return _template().render(
        id=f"{page_id}-" if page_id else "",
        style="" if page_id else Markup(STYLE),  # noqa: S704  # ours
        title=title,
        summary=summary,
        legend=_legend(length, found.since),
        legend_y=legend_y,
        title_row=TITLE_ROW,
        line_row=LINE_ROW,
        width=WIDTH,
        height=bottom + 40,
        pad=PAD,
        left=LEFT,
        top=top,
        base=base,
        bottom=bottom,
        most=f"{most:,}",
        ticks=_ticks(scale, found.zero),
        bars=[bar for each in seconds for bar in _bars(scale, each, length, most, base)],
        marks=[_mark(scale, each, head + MARK_ROW * row) for row, each in enumerate(found.marks)],
        spans=_with_lines(
            [_span(scale, each, base + 16 + SPAN_ROW * row) for row, each in enumerate(spans)],
            [scale.x(each.at) for each in found.marks],
        ),
        more=f"and {left} more" if left else "",
    )


def _with_lines(spans: Sequence[dict[str, object]], marks: Sequence[float]) -> Sequence[dict[str, object]]:
    """With a line from the chart to where each begins, as long as lines can be told apart."""
    taken = [*marks]
    for each in spans:
        x = float(str(each["x"]))
        each["has_line"] = each["kind"] != "lost" and all(abs(x - one) >= LINES_APART for one in taken)
        if each["has_line"]:
            taken.append(x)
    return spans


def _legend(length: int, since: str) -> str:
    unit = "per second" if length == 1 else f"in {length} seconds"
    return f"lookups {unit}; time since {since}"


def _combined(
    seconds: Sequence[tuple[int, int, int]], step: int
) -> tuple[Sequence[tuple[int, int, int]], int]:
    """Seconds combined into as few as fit, and the number of seconds in each."""
    if not seconds:
        return (), step
    first = seconds[0][0]
    span = seconds[-1][0] - first + step
    fitting = (each for each in STEPS if each % step == 0 and span / each <= MOST_BARS)
    length = step if span / step <= MOST_BARS else next(fitting, -(-span // (MOST_BARS * step)) * step)
    counts: dict[int, tuple[int, int]] = {}
    for at, asked, lost in seconds:
        begin = first + (at - first) // length * length
        before = counts.get(begin, (0, 0))
        counts[begin] = before[0] + asked, before[1] + lost
    return tuple((begin, *both) for begin, both in counts.items()), length


def _bars(
    scale: _Scale, second: tuple[int, int, int], length: int, most: int, base: int
) -> list[dict[str, object]]:
    at, asked, lost = second
    x, width = scale.x(at), max(1.0, round(scale.x(at + length) - scale.x(at) - 0.5, 1))
    good, bad = (round(CHART * count / most, 1) for count in (asked - lost, lost))
    bad = max(bad, 1.0) if lost else 0.0
    good = min(good, CHART - bad)
    found: list[dict[str, object]] = []
    if good > 0:
        found.append({"kind": "good", "x": x, "y": round(base - good, 1), "width": width, "height": good})
    if bad > 0:
        y = round(base - good - bad, 1)
        found.append({"kind": "lost", "x": x, "y": y, "width": width, "height": bad})
    return found


def _label(text: str, begin: float, end: float) -> dict[str, object]:
    """Right of `end` where there is room, else left of `begin`."""
    name = terminal(text)
    is_left = end + CHARACTER * len(name) > WIDTH - PAD
    return {"name": name, "side": " end" if is_left else "", "text_x": begin - 6 if is_left else end + 6}


def _mark(scale: _Scale, each: Mark, y: int) -> dict[str, object]:
    x = scale.x(each.at)
    return {"x": x, "y": y, **_label(each.text, x, x)}


def _span(scale: _Scale, each: Span, y: int) -> dict[str, object]:
    x, end = scale.x(each.begin), scale.x(scale.end if each.end is None else each.end)
    width = max(2.0, round(end - x, 1))
    kind = "lost" if each.is_bad else "pod"
    return {"x": x, "y": y, "width": width, "kind": kind, **_label(each.text, x, end)}


def _ticks(scale: _Scale, zero: float) -> list[dict[str, object]]:
    length = scale.end - scale.begin
    step = next((each for each in STEPS if length / each <= MOST_TICKS), STEPS[-1])
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
