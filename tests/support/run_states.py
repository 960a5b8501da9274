"""Writes the table of run states and verbs into its page."""

from eksaddon.domain.run.verbs import verb_table
from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "run-states.md"
BEGIN, END = "<!-- states: begin -->\n", "<!-- states: end -->\n"


def written(page: str) -> str:
    """The page with the table as the code has it."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{verb_table()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
