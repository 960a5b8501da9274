"""Writes the tables of exit codes into their page."""

from collections.abc import Iterator

from eksaddon.app.exit_table import MEANINGS, ROWS, Result
from eksaddon.domain.errors import ExitCode
from tests.support.pages.markers import page, with_part

PAGE = page("exit-codes")


def meanings_table() -> str:
    pairs = [(str(int(code)), text) for code, text in MEANINGS.items()]
    return "".join(_table(("exit", "meaning"), pairs))


def page_table() -> str:
    """One table for each kind of result; the first row that holds decides."""
    parts = []
    for result in Result:
        names = ", ".join(f"`{name}`" for name in result.value.split(", "))
        rows = [(row.when, str(int(row.code))) for row in ROWS if result in row.results]
        parts.append(f"### {names}\n\n" + "".join(_table(("if", "exit"), rows)))
    return "\n".join(parts)


def _table(heads: tuple[str, str], rows: list[tuple[str, str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |\n|---|---|\n"
    yield from (f"| {' | '.join(row)} |\n" for row in rows)


def written(text: str) -> str:
    """The page with both between their comments."""
    return with_part(with_part(text, "meanings", meanings_table()), "exit codes", page_table())


if __name__ == "__main__":
    assert set(MEANINGS) == set(ExitCode)
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
