"""Heat map of problems by account and region."""

from collections import Counter
from collections.abc import Sequence

from eksaddon.frozen import dataclass
from eksaddon.report.escape import terminal
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.states import Tone
from eksaddon.report.model.text import account_text, scope_text

TROUBLE = (Tone.BAD, Tone.UNKNOWN, Tone.CHANGE)
"""Most severe first."""


@dataclass(frozen=True, slots=True)
class Cell:
    """An account in a region.

    Attributes:
        level: 0 (no problems) to 4 (all targets have problems).
        text: Targets that need attention, of all targets.
        label: Text for screen readers and tooltips.
    """

    region: str
    tone: Tone
    level: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """A row of the map.

    Attributes:
        cells: One for each region; None if the account has no targets there.
    """

    id: str
    name: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    regions: tuple[str, ...]
    accounts: tuple[AccountView, ...]


def heat_map(report_model: ReportModel) -> HeatMap:
    """Accounts with the largest share of problems first; regions in alphabetical order."""
    regions = sorted({entry.ref.region for entry in report_model.entries})
    accounts: dict[str, list[Entry]] = {}
    for entry in report_model.entries:
        accounts.setdefault(entry.ref.account, []).append(entry)
    ordered = sorted(
        accounts.values(), key=lambda entries: (-_trouble(report_model, entries), entries[0].ref)
    )
    views = tuple(_account(report_model, entries, regions) for entries in ordered)
    return HeatMap(tuple(terminal(region) for region in regions), views)


def _trouble(report_model: ReportModel, entries: Sequence[Entry]) -> float:
    return sum(report_model.tone(entry) in TROUBLE for entry in entries) / len(entries)


def _account(report_model: ReportModel, entries: Sequence[Entry], regions: Sequence[str]) -> AccountView:
    by_region: dict[str, list[Entry]] = {}
    for entry in entries:
        by_region.setdefault(entry.ref.region, []).append(entry)
    cells = tuple(_cell(report_model, by_region.get(region)) for region in regions)
    return AccountView(terminal(entries[0].ref.account), account_text(entries[0]), cells)


def _cell(report_model: ReportModel, entries: Sequence[Entry] | None) -> Cell | None:
    if not entries:
        return None
    tones = Counter(report_model.tone(entry) for entry in entries)
    tone = next((tone for tone in (*TROUBLE, Tone.GOOD) if tones[tone]), Tone.MUTED)
    problems = sum(tones[tone] for tone in TROUBLE)
    states = Counter(report_model.state(entry).label for entry in entries)
    counts = ", ".join(f"{number:,} {label}" for label, number in states.items())
    text = f"{problems:,}/{len(entries):,}" if problems else f"{len(entries):,}"
    level = -(-problems * 4 // len(entries))
    return Cell(terminal(entries[0].ref.region), tone, level, text, f"{scope_text(entries[0])}: {counts}")
