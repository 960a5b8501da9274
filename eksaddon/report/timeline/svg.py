"""A shutdown timeline as a self-contained SVG image with light and dark style."""

import functools
import textwrap

from jinja2 import Environment, StrictUndefined, Template

from eksaddon.domain.termination import EventKind, Measured, Timeline, Verdict, in_seconds
from eksaddon.frozen import dataclass
from eksaddon.report.timeline.bars import Bar, bars, horizon_ns, ticks
from eksaddon.report.timeline.text import headline, measurement, suggestions, timed_texts, title, verdict

WIDTH = 860
PAD = 28
LABELS = 110
NOTES = 150
ROW = 34
BAR = 20
TEXT_ROW = 22
LEAST = 2
NAME = 60
"""Width of a signal's name."""
MOST_TICKS = 9
TEXT_COLUMNS = 104
"""Characters that fit between the margins at 13 px, even in a wide font."""

TEMPLATE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{ width }} {{ height }}" width="{{ width }}" \
height="{{ height }}" role="img" aria-labelledby="title desc">
<title id="title">CoreDNS pod shutdown: {{ title }}</title>
<desc id="desc">{{ verdict }}</desc>
<style>
  svg { --back: #ffffff; --ink: #1f2328; --soft: #59636e; --rule: #d1d9e0; --grace: #818b98;
        --preStop: #0969da; --lameduck: #1a7f37; --measured: #8250df; --cut: #cf222e;
        --fits: #1a7f37; --tight: #9a6700;
        font-family: ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
  @media (prefers-color-scheme: dark) {
    svg { --back: #0d1117; --ink: #f0f6fc; --soft: #9198a1; --rule: #3d444d; --grace: #818b98;
          --preStop: #4493f8; --lameduck: #3fb950; --measured: #ab7df8; --cut: #f85149;
          --fits: #3fb950; --tight: #d29922; } }
  .back { fill: var(--back); }
  text { fill: var(--ink); font-size: 13px; }
  .title { font-size: 17px; font-weight: 600; }
  .soft { fill: var(--soft); font-size: 12px; }
  .at { font-weight: 600; text-anchor: end; font-variant-numeric: tabular-nums; }
  .tick { text-anchor: middle; }
  .rule { stroke: var(--rule); stroke-width: 1; }
  .lost { fill: var(--cut); font-size: 12px; }
  .preStop { fill: var(--preStop); }
  .lameduck { fill: var(--lameduck); }
  .grace { fill: var(--grace); }
  .propagation { fill: var(--tight); }
  .measured { fill: var(--measured); }
  .cut { fill: url(#hatch); stroke: var(--cut); stroke-width: 1; }
  .hatch { stroke: var(--cut); stroke-width: 3; }
  .signal { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; }
  .signal.kill { stroke: var(--cut); }
  .name { font-size: 12px; font-weight: 600; }
  .name.kill { fill: var(--cut); }
  .verdict { font-weight: 700; }
  .verdict.fits { fill: var(--fits); } .verdict.tight { fill: var(--tight); }
  .verdict.cut-off { fill: var(--cut); }
</style>
<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
<line class="hatch" x1="0" y1="0" x2="0" y2="7"/></pattern></defs>
<rect class="back" width="{{ width }}" height="{{ height }}" rx="8"/>
<text class="title" x="{{ pad }}" y="40">CoreDNS pod shutdown</text>
<text class="soft" x="{{ pad }}" y="60">{{ title }}</text>
{% for tick in ticks %}
<line class="rule" x1="{{ tick.x }}" y1="{{ top }}" x2="{{ tick.x }}" y2="{{ bottom }}"/>
<text class="soft tick" x="{{ tick.x }}" y="{{ bottom + 18 }}">{{ tick.text }}</text>
{% endfor %}
{% for row in rows %}
<text x="{{ pad }}" y="{{ row.y + 15 }}">{{ row.label }}</text>
{% if row.solid %}
<rect class="{{ row.kind }}" x="{{ row.x }}" y="{{ row.inset }}" width="{{ row.solid }}" \
height="{{ row.height }}" rx="2"/>
{% endif %}
{% if row.crossed %}
<rect class="cut" x="{{ row.x + row.solid }}" y="{{ row.y }}" width="{{ row.crossed }}" height="{{ bar }}"/>
{% endif %}
<text class="{{ 'lost' if row.crossed else 'soft' }}" x="{{ notes }}" y="{{ row.y + 15 }}">\
{{ row.note }}</text>
{% endfor %}
{% for signal in signals %}
<line class="signal{{ signal.mark }}" x1="{{ signal.x }}" y1="{{ top - 8 }}" x2="{{ signal.x }}" \
y2="{{ bottom }}"/>
<text class="name{{ signal.mark }}" x="{{ signal.x }}" y="{{ top - 12 }}" \
text-anchor="{{ signal.anchor }}">{{ signal.text }}</text>
{% endfor %}
{% for text in texts %}
<text class="{{ text.kind }}" x="{{ text.x }}" y="{{ text.y }}">{{ text.text }}</text>
{% endfor %}
</svg>
"""


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    kind: str
    note: str
    x: float
    y: int
    inset: float
    height: int
    solid: float
    crossed: float


@dataclass(frozen=True, slots=True)
class _Mark:
    x: float
    text: str
    mark: str = ""
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class _Line:
    kind: str
    x: float
    y: int
    text: str


def svg(line: Timeline, *, measured: Measured | None = None) -> str:
    """Render the SVG file; untrusted text is escaped."""
    rows = bars(line, measured)
    frame = _Frame(horizon_ns(rows, line))
    top = 112
    bottom = top + ROW * len(rows) + 6
    texts, height = _texts(line, measured, bottom + 56)
    return _template().render(
        width=WIDTH,
        height=height,
        pad=PAD,
        bar=BAR,
        top=top,
        bottom=bottom,
        notes=WIDTH - NOTES + 12,
        title=title(line.settings),
        verdict=verdict(line),
        ticks=frame.ticks(),
        rows=[frame.row(bar, top + 10 + ROW * number) for number, bar in enumerate(rows)],
        signals=frame.signals(line),
        texts=texts,
    )


@functools.cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(TEMPLATE)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Maps times to positions in the image.

    Attributes:
        horizon: Nanoseconds from the left edge to the right one.
    """

    horizon: int

    def x(self, at_ns: int) -> float:
        left, right = PAD + LABELS, WIDTH - NOTES
        return round(left + (right - left) * at_ns / self.horizon, 1)

    def ticks(self) -> list[_Mark]:
        return [_Mark(self.x(at), f"{in_seconds(at)} s") for at in ticks(self.horizon, MOST_TICKS)]

    def row(self, bar: Bar, y: int) -> _Row:
        begins, until, ends = self._edges(bar)
        thin = bar.kind.value in {"propagation", "grace", "measured"}
        height = 8 if thin else BAR
        return _Row(
            label=bar.label,
            kind=bar.kind.value,
            note=bar.note,
            x=begins,
            y=y,
            inset=y + (BAR - height) / 2,
            height=height,
            solid=round(until - begins, 1),
            crossed=round(ends - until, 1),
        )

    def _edges(self, bar: Bar) -> tuple[float, float, float]:
        """Edges of the solid and the cut part of a bar; a non-empty part is always visible."""
        solid = LEAST * (bar.until_ns > bar.begins_ns)
        crossed = LEAST * (bar.ends_ns > bar.until_ns)
        begins = min(self.x(bar.begins_ns), WIDTH - NOTES - solid - crossed)
        until = min(max(self.x(bar.until_ns), begins + solid), WIDTH - NOTES - crossed)
        return begins, until, max(self.x(bar.ends_ns), until + crossed)

    def signals(self, line: Timeline) -> list[_Mark]:
        """Marks of SIGTERM and SIGKILL; their labels do not overlap and stay inside the image."""
        kill = self.x(line.kill_ns)
        marks = [_Mark(kill, "SIGKILL", " kill", "end" if kill + NAME > WIDTH - NOTES else "start")]
        for event in line.events:
            if event.kind is EventKind.SIGTERM:
                term = self.x(event.at_ns)
                crowded = kill - term < 2 * NAME and term - NAME > PAD + LABELS
                marks.append(_Mark(term, "SIGTERM", "", "end" if crowded else "start"))
        return marks


def _texts(line: Timeline, measured: Measured | None, y: int) -> tuple[list[_Line], int]:
    """Lines of events, verdict and suggestions, and the height of the image."""
    texts: list[_Line] = []

    def put(kind: str, x: float, text: str, columns: int = TEXT_COLUMNS) -> None:
        nonlocal y
        for part in textwrap.wrap(text, columns):
            texts.append(_Line(kind, x, y, part))
            y += TEXT_ROW

    column = PAD + 16 + 8 * max(len(in_seconds(entry.at_ns)) for entry in timed_texts(line))
    for entry in timed_texts(line):
        texts.append(_Line("at", column, y, f"{in_seconds(entry.at_ns)} s"))
        put("", column + 14, entry.text)
    y += 12
    put(f"verdict {_verdict_class(line.verdict)}", PAD, f"{headline(line).upper()}: {verdict(line)}")
    if measured:
        put("", PAD, f"measured: {measurement(measured)}")
    for number, way in enumerate(suggestions(line)):
        put("", PAD, f"{'or' if number else 'fix'}: {way}")
    return texts, y + 4


def _verdict_class(word: Verdict) -> str:
    return word.value if word in {Verdict.FITS, Verdict.TIGHT} else "cut-off"
