"""The start page is followed to its end, command by command, on the simulator that it uses."""

import re
from pathlib import Path

import pytest

from tests.support.pages.shown import Written, blocks, steps
from tests.support.paths import ROOT
from tests.support.walkthrough import ANY_RUN_ID, Shell, shell

PAGE = ROOT / "docs" / "start.md"
FLEET = ROOT / "eksaddon" / "sim" / "scenarios" / "demo.yaml"
OUTSIDE = {"uv", "export"}
"""Commands of the page that prepare what the test has."""


def follow(here: Shell) -> list[tuple[str, int, str]]:
    """Each command of the page with its exit code and output; Written files are written."""
    done, run = [], ""
    for block in blocks(PAGE):
        for step in steps(block) if block.kind == "sh" else ():
            match step:
                case Written(name=name, text=text, appends=appends):
                    with Path(name).open("a" if appends else "w", encoding="utf-8") as file:
                        file.write(text)
                case ("mv", source, target):
                    Path(source).replace(target)
                case ("eksdns", *words) if words[0] != "simulate":
                    typed = [run if word == "RUN" else word for word in words]
                    yes = ["--yes"] if words[0] in {"apply", "rollback"} else []
                    code, text = here.type(*typed, *yes)
                    run = next(iter(ANY_RUN_ID.findall(text)), run)
                    done.append((" ".join(words), code, text))
                case ("eksdns", "simulate", *_):
                    pass
                case (program, *_):
                    assert program in OUTSIDE, step
    return done


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    config = tmp_path_factory.mktemp("start") / "none.yaml"
    config.write_text("")
    with shell(config, FLEET) as here:
        Path("eksdns.yaml").unlink()
        began = here.clock.now()
        yield follow(here), here.clock.now() - began


@pytest.mark.slow
def test_every_command_ends_as_the_page_says(done):
    found, _ = done
    codes = {command: code for command, code, _ in found}
    texts = [text for _, _, text in found]
    assert "Audit: 3 targets" in texts[0]
    assert "Audit: 12 targets" in texts[1]
    assert "1 unreachable" in texts[1]
    assert "to update" not in next(text for command, _, text in found if command == "plan --all")
    assert codes["validate eksdns-goal.yaml"] == 0
    assert {code for command, code, _ in found if not command.startswith("validate")} <= {0, 1, 3}
    applied = next(text for command, _, text in found if command.startswith("apply"))
    assert re.search(r"canary +succeeded", applied)
    drifts = [text for command, _, text in found if command == "drift --all"]
    assert "drifted" not in drifts[0].splitlines()[-1]
    assert "drifted" in drifts[1]
    assert "rolled back" in next(text for command, _, text in found if command.startswith("rollback"))


@pytest.mark.slow
def test_the_whole_page_takes_less_than_ten_minutes_of_waiting(done):
    _, seconds = done
    assert seconds < 600
