"""Values of options are those that Typer would read, with its errors."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer

from eksaddon.cli.help.layout import PlainCommand


class Level(StrEnum):
    LOW = "low"
    HIGH = "high"


def command(cls: Any) -> Any:
    app = typer.Typer(add_completion=False)

    @app.command(cls=cls)
    def show(  # noqa: PLR0917  # one of each kind
        text: str = "",
        number: Annotated[int, typer.Option(min=1, max=9)] = 5,
        count: Annotated[int | None, typer.Option()] = None,
        share: Annotated[float, typer.Option()] = 0.5,
        path: Annotated[Path | None, typer.Option()] = None,
        folder: Annotated[Path | None, typer.Option(file_okay=False)] = None,
        made: Annotated[Path | None, typer.Option(exists=True)] = None,
        level: Level = Level.LOW,
        names: Annotated[list[str] | None, typer.Option()] = None,
        numbers: Annotated[list[int] | None, typer.Option()] = None,
        upper: Annotated[str, typer.Option(parser=str.upper)] = "x",
        wanted: Annotated[bool, typer.Option(envvar="EKSDNS_TEST_WANTED")] = False,
        asked: Annotated[bool | None, typer.Option("--asked/--not-asked")] = None,
    ) -> str:
        return repr(list(locals().values()))

    return typer.main.get_command(app)


def outcome(cls: Any, args: list[str]) -> object:
    try:
        return command(cls).main(args, standalone_mode=False)
    except typer.TyperException as error:
        return type(error), str(error)


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["--text", "abc"],
        ["--text", "ä"],
        ["--text", "\udce4"],
        ["--text", ""],
        *(["--number", each] for each in ("1", "9", "0", "10", "x", "1_0", " 7 ", "3.0", "", "-1", "٣")),
        *(["--count", each] for each in ("0", "007", "99999999999999999999", "-5")),
        *(["--share", each] for each in ("1", "1.5", "nan", "x")),
        *(["--path", each] for each in ("x", ".", "no/such", "", "ä", "x" * 300, "pyproject.toml/x")),
        *(["--folder", each] for each in (".", "pyproject.toml", "no/such")),
        *(["--made", each] for each in (".", "no/such")),
        *(["--level", each] for each in ("high", "HIGH", "x", "")),
        ["--names", "a", "--names", "b,c"],
        ["--names", "ä"],
        ["--numbers", "1", "--numbers", "2"],
        ["--numbers", "x"],
        ["--upper", "abc"],
        ["--wanted", "--asked"],
        ["--not-asked"],
    ],
    ids=json.dumps,
)
def test_a_value_is_read_as_typer_reads_it(args: list[str]) -> None:
    from typer.core import TyperCommand

    assert outcome(PlainCommand, args) == outcome(TyperCommand, args)


@pytest.mark.parametrize("value", ["1", "true", "0", "no", "maybe", ""])
def test_a_variable_is_read_as_typer_reads_it(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.core import TyperCommand

    monkeypatch.setenv("EKSDNS_TEST_WANTED", value)
    assert outcome(PlainCommand, []) == outcome(TyperCommand, [])


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    from typer.core import TyperCommand

    monkeypatch.setattr(os, "access", lambda *_: False)  # root can read everything
    args = ["--path", str(tmp_path)]
    assert outcome(PlainCommand, args) == outcome(TyperCommand, args)
    assert "not readable" in str(outcome(PlainCommand, args))
