"""The measured losses stand on two pages, with the same figures."""

import re

import pytest

from tests.support.paths import ROOT

VERDICT = re.compile(r" \((?:fits|cut|too-short|unprotected)\)")
PROPAGATIONS = 4
SLASHES = 3
"""Between the modes of a cell."""


def rows(page: str) -> dict[str, list[str]]:
    """Cells by setting; without verdicts."""
    found = {}
    for line in (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines():
        name, *cells = [VERDICT.sub("", cell.strip()) for cell in line.split("|")[1:-1]] or [""]
        if len(cells) == PROPAGATIONS and cells[0].count(" / ") == SLASHES:
            found[name] = cells
    return found


def test_the_page_of_values_repeats_what_was_measured():
    measured, repeated = rows("probing.md"), rows("values.md")
    assert len(repeated) >= 5
    assert repeated == {name: measured[name] for name in repeated}


@pytest.mark.parametrize("setting", ["recommended", "recommended, readiness 2 s x 1", "20/45/5"])
def test_no_new_flow_is_lost_with_what_is_recommended_for_10_s(setting: str):
    assert rows("probing.md")[setting][2].startswith("0 / ")


def test_the_loss_of_the_default_is_cited_as_measured():
    share = rows("probing.md")["EKS's default (5/30/0)"][2].partition("%")[0]
    text = (ROOT / "docs" / "values.md").read_text(encoding="utf-8")
    assert f"too short: {share} % of new flows lost" in text
