"""Options and size limits of rendering."""

from eksaddon.frozen import dataclass

STEP_SUMMARY_BYTES = 1_000_000
"""GitHub discards a step summary above 1 MiB; the rest is left for other steps."""

COMMENT_BYTES = 65_000
"""GitHub limits a pull request comment to 65,536 characters."""

NARROWEST = 40


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a report comes from; each is empty if unknown.

    Attributes:
        command: As typed.
        fleet_file: That the command read.
        commit: Checked out in the fleet file's repository.
    """

    command: str = ""
    fleet_file: str = ""
    commit: str = ""


NO_ORIGIN = Origin()


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """Options that are common to several formats.

    Attributes:
        width: Columns of the terminal; less than 40 count as 40.
        unicode: False if the terminal's encoding lacks arrows and marks.
        most_names: Maximum clusters in a line, and lines in a group.
        most_bytes: Maximum size of a Markdown report in UTF-8.
        fleet_file: File of SARIF results without a location.
    """

    width: int = 120
    colour: bool = False
    unicode: bool = True
    most_names: int = 8
    most_bytes: int = STEP_SUMMARY_BYTES
    fleet_file: str = "eksdns.yaml"
    origin: Origin = NO_ORIGIN


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One-column signs that convey the same as colours."""

    arrow: str
    dot: str
    cut: str
    error: str
    warning: str
    note: str
    changed: str
    weaker: str


UNICODE = Glyphs(arrow="→", dot="·", cut="…", error="✗", warning="!", note="i", changed="✓", weaker="▼")
ASCII = Glyphs(arrow="->", dot="-", cut="...", error="x", warning="!", note="i", changed="+", weaker="v")
