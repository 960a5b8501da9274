"""How a report is to be drawn, and how much of it there may be."""

from dataclasses import dataclass

STEP_SUMMARY_BYTES = 1_000_000
"""GitHub loses the whole of a step summary of more than 1 MiB; others may want to add a few lines."""

COMMENT_BYTES = 65_000
"""GitHub takes 65,536 characters in a comment on a pull request."""

NARROWEST = 40


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """What a format does not decide by itself.

    Attributes:
        width: Columns of the terminal; less than 40 count as 40.
        unicode: False where the terminal's encoding has no arrows and marks.
        most_names: Clusters in a line and lines in a group before a list is cut.
        most_bytes: Of a Markdown report, encoded as UTF-8.
        fleet_file: Where SARIF puts a finding that no line of a file stands for.
    """

    width: int = 120
    colour: bool = False
    unicode: bool = True
    most_names: int = 8
    most_bytes: int = STEP_SUMMARY_BYTES
    fleet_file: str = "eksdns.yaml"


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Signs of one column, which say what colour says."""

    arrow: str
    dot: str
    cut: str
    error: str
    warning: str
    note: str
    changed: str


UNICODE = Glyphs(arrow="→", dot="·", cut="…", error="✗", warning="!", note="i", changed="✓")
ASCII = Glyphs(arrow="->", dot="-", cut="...", error="x", warning="!", note="i", changed="+")
