"""`eksdns recommend`: text, JSON, and a block that a fleet file takes."""

import json
from pathlib import Path

import pytest

from eksaddon.app.advice.recommend import RecommendDocument
from eksaddon.cli.main import run
from eksaddon.config.load import parse_fleet
from eksaddon.domain.audit.recommendation import MOST_CORES, MOST_NODES
from tests.support.paths import ROOT
from tests.support.report.validating import check_document


def printed(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    code = run(("recommend", *args))
    return code, "".join(capsys.readouterr())


def test_values_come_with_their_sums(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    code, text = printed(capsys, "--propagation", "4s", "--nodes", "64")
    assert code == 0
    assert "max(2, 64 nodes / 16) + 1 spare" in text
    assert "2 x 4 s of propagation" in text
    assert "preStop 5 s + lameduck 8 s + 20 s to shut down" in text
    assert "too-short" not in text.splitlines()[-1]


def test_the_document_is_as_published(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = printed(capsys, "--autoscaling", "-o", "json")
    found = json.loads(text)
    check_document(found, RecommendDocument)
    assert (code, found["propagationSeconds"], found["compared"][0]["verdict"]) == (0, 10, "too-short")


def test_the_block_is_one_of_a_fleet_file(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = printed(capsys, "--autoscaling", "-o", "yaml")
    fleet = parse_fleet(f"version: 1\n{text}", "eksdns.yaml")
    assert (code, len(list(fleet.all_settings)) > 8) == (0, True)


@pytest.mark.parametrize(("option", "most"), [("--nodes", MOST_NODES), ("--cores", MOST_CORES)])
def test_the_largest_cluster_gets_what_the_addon_accepts(
    capsys: pytest.CaptureFixture[str], option: str, most: int
) -> None:
    code, text = printed(capsys, option, str(most), "--autoscaling", "-o", "yaml")
    assert (code, "replicaCount: 1000\n" in text) == (0, True)
    assert "minReplicas: 1000, maxReplicas: 1000}" in text
    code, text = printed(capsys, option, str(most + 1))
    assert (code, option in text, f"at most {most}" in text) == (64, True, True)


def test_an_invalid_propagation_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = printed(capsys, "--propagation", "0s")
    assert (code, "invalid propagation" in text) == (64, True)


def test_the_page_has_the_values_and_the_losses_that_were_measured() -> None:
    page = Path(ROOT / "docs" / "values.md").read_text(encoding="utf-8")
    measured = Path(ROOT / "docs" / "probing.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and line.count(" / ") >= 8]
    assert len(rows) == 5
    for row in rows:
        name, *cells = (cell.strip() for cell in row.strip("|").split("|"))
        source = next(line for line in measured.splitlines() if line.startswith(f"| {name} |"))
        assert all(cell in source for cell in cells), name
