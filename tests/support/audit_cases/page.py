"""Writes the table of checks into docs/audit.md."""

from eksaddon.domain.audit.verdict import Source
from eksaddon.rules.audit.table import CHECKS
from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "audit.md"
BEGIN, END = "<!-- checks: begin -->\n", "<!-- checks: end -->\n"


def table() -> str:
    rows = [
        f"| `{check}` | {row.level} | {row.title} | {_sources(row.sources)} |\n"
        for check, row in CHECKS.items()
    ]
    return "".join(("| check | level | finding | source |\n|---|---|---|---|\n", *rows))


def _sources(sources: tuple[Source, ...]) -> str:
    return ", ".join(f"[{each.name}]({each.url})" for each in sources)


def written(page: str) -> str:
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{table()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
