"""The measured table as Markdown and as a picture."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from tests.e2e.propagation import settings
from tests.e2e.propagation.lab import MODES, Seen
from tests.e2e.propagation.settings import PROPAGATIONS, settings_for

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

Measured = Mapping[tuple[str, int], Mapping[str, Seen]]
"""By row and propagation, then by mode."""


def rows() -> tuple[str, ...]:
    return tuple(settings_for(PROPAGATIONS[0]))


def share(seen: Seen) -> str:
    """Never `0` for a share that is only small."""
    if not seen.given_lost:
        return "0"
    return f"{max(seen.share, 0.0001):.2%}" if seen.share < 0.01 else f"{seen.share:.1%}"


def text_of(row: str, propagation: int) -> str:
    setting = settings_for(propagation)[row]
    return row if row == setting.text else f"{row} ({setting.text})" if row == "EKS's default" else row


def markdown(found: Measured) -> str:
    """Lost lookups, and both figures in seconds."""
    return "\n\n".join(("\n".join(_lost(found)), "\n".join(_seconds(found))))


def _head(what: str) -> Iterator[str]:
    names = " | ".join(f"{each} s" for each in PROPAGATIONS)
    yield f"| {what} | {names} |"
    yield "|---" * (len(PROPAGATIONS) + 1) + "|"


def _lost(found: Measured) -> Iterator[str]:
    yield from _head("lost at a propagation of")
    for row in rows():
        cells = (
            " / ".join(share(found[row, each][mode]) for mode in MODES)
            + f" ({settings_for(each)[row].verdict(each)})"
            for each in PROPAGATIONS
        )
        yield f"| {text_of(row, 10)} | {' | '.join(cells)} |"


def _seconds(found: Measured) -> Iterator[str]:
    yield from _head("seconds at a propagation of")
    for row in rows():
        cells = (
            f"{found[row, each]['new flows'].propagation:.1f} / {found[row, each]['kept flow'].gap:.1f}"
            for each in PROPAGATIONS
        )
        yield f"| {text_of(row, 10)} | {' | '.join(cells)} |"


def written(path: Path, found: Measured) -> None:
    """Replace what stands between the marks of a document."""
    text = path.read_text(encoding="utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n{markdown(found)}\n{END}{after}", encoding="utf-8")


LEFT, PANEL, GAP, TOP = 212, 156, 14, 122
ROW, BAR = 58, 9
COLOURS = ("new", "kept", "random", "tcp")
CHARACTER = 7.2
"""Pixels of a character, on average."""
TEMPLATE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{ width }} {{ height }}" width="{{ width }}" \
height="{{ height }}" role="img" aria-labelledby="title desc">
<title id="title">Lookups lost while CoreDNS is replaced pod by pod</title>
<desc id="desc">Share of lost lookups by shutdown settings and propagation; the table has the numbers.</desc>
<style>
  svg { --back: #ffffff; --ink: #1f2328; --soft: #59636e; --rule: #d1d9e0;
        --new: #0969da; --kept: #bc4c00; --random: #8250df; --tcp: #6e7781;
        --none: #1a7f37;
        font-family: ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
  @media (prefers-color-scheme: dark) {
    svg { --back: #0d1117; --ink: #f0f6fc; --soft: #9198a1; --rule: #3d444d;
          --new: #4493f8; --kept: #db6d28; --random: #ab7df8; --tcp: #848d97;
          --none: #3fb950; } }
  .back { fill: var(--back); }
  text { fill: var(--ink); font-size: 13px; }
  .title { font-size: 17px; font-weight: 600; }
  .soft { fill: var(--soft); font-size: 12px; }
  .head { font-weight: 600; }
  .value { font-size: 11px; font-variant-numeric: tabular-nums; }
  .zero { fill: var(--none); font-weight: 600; }
  .rule { stroke: var(--rule); stroke-width: 1; }
  .new { fill: var(--new); } .kept { fill: var(--kept); } .random { fill: var(--random); }
  .tcp { fill: var(--tcp); }
</style>
<rect class="back" width="{{ width }}" height="{{ height }}" rx="8"/>
<text class="title" x="24" y="38">Lookups lost while CoreDNS is replaced pod by pod</text>
<text class="soft" x="24" y="58">lameduck / grace period / preStop in seconds; CoreDNS {{ version }}, \
measured behind a load balancer with kube-proxy's rules</text>
{% for key in keys %}
<rect class="{{ key.kind }}" x="{{ key.x }}" y="74" width="12" height="12" rx="2"/>
<text x="{{ key.x + 18 }}" y="85">{{ key.text }}</text>
{% endfor %}
{% for panel in panels %}
<text class="head" x="{{ panel.x }}" y="{{ top - 8 }}">propagation {{ panel.seconds }} s</text>
<line class="rule" x1="{{ panel.x }}" y1="{{ top }}" x2="{{ panel.x }}" y2="{{ bottom }}"/>
{% endfor %}
{% for row in labels %}
<text x="24" y="{{ row.y }}">{{ row.text }}</text>
<text class="soft" x="24" y="{{ row.y + 16 }}">{{ row.note }}</text>
{% endfor %}
{% for bar in bars %}
{% if bar.width %}
<rect class="{{ bar.kind }}" x="{{ bar.x }}" y="{{ bar.y }}" width="{{ bar.width }}" \
height="{{ bar.height }}"/>
{% endif %}
<text class="value{{ '' if bar.width else ' zero' }}" x="{{ bar.x + bar.width + 4 }}" y="{{ bar.y + 8.5 }}">\
{{ bar.text }}</text>
{% endfor %}
</svg>
"""


def picture(found: Measured, version: str) -> str:
    """One panel for each propagation, and a bar for each mode and setting."""
    longest = max(each.share for seen in found.values() for each in seen.values()) or 1.0
    panels = [{"x": LEFT + number * (PANEL + GAP), "seconds": s} for number, s in enumerate(PROPAGATIONS)]
    bottom = TOP + ROW * len(rows())
    texts = (
        "new flows (a new port each)",
        "a kept flow (one port)",
        "random ports",
        "TCP (4 connections)",
    )
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(TEMPLATE).render(
        width=LEFT + len(PROPAGATIONS) * (PANEL + GAP) + 10,
        height=bottom + 20,
        top=TOP,
        bottom=bottom,
        version=version,
        keys=list(_keys(texts)),
        panels=panels,
        labels=[_label(row, number) for number, row in enumerate(rows())],
        bars=list(_bars(found, longest)),
    )


def _keys(texts: Sequence[str]) -> Iterator[dict[str, str | int]]:
    """The legend, each entry as wide as its text."""
    x = 24
    for kind, text in zip(COLOURS, texts, strict=True):
        yield {"kind": kind, "x": x, "text": text}
        x += 18 + round(CHARACTER * len(text)) + 28


def _label(row: str, number: int) -> dict[str, str | int]:
    first, last = (settings_for(each)[row].text for each in (PROPAGATIONS[0], PROPAGATIONS[-1]))
    y = TOP + ROW * number + 22
    match row:
        case settings.RECOMMENDED:
            return {"text": row, "note": f"{first} to {last}", "y": y}
        case settings.FAST:
            return {"text": "recommended, and", "note": "readiness probe 2 s x 1", "y": y}
        case _:
            return {"text": row, "note": "" if row == first else first, "y": y}


def _bars(found: Measured, longest: float) -> Iterator[dict[str, str | float]]:
    for number, seconds in enumerate(PROPAGATIONS):
        for line, row in enumerate(rows()):
            for place, (mode, kind) in enumerate(zip(MODES, COLOURS, strict=True)):
                seen = found[row, seconds][mode]
                width = max(2.0, (PANEL - 48) * seen.share / longest) if seen.given_lost else 0.0
                yield {
                    "kind": kind,
                    "x": LEFT + number * (PANEL + GAP),
                    "y": TOP + ROW * line + 6 + place * (BAR + 3),
                    "width": round(width, 1),
                    "height": BAR,
                    "text": share(seen),
                }
