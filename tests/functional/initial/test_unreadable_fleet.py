"""`init` over a fleet that cannot be read, or for which no region is set."""

from pathlib import Path

import pytest

from eksaddon.domain.errors import ExitCode
from eksaddon.sim.api.faults import Deny, Fault, Match
from tests.functional.conftest import Stage


@pytest.mark.parametrize("operation", ["ListClusters", "DescribeAddon"])
def test_a_fleet_that_cannot_be_read_is_an_error_with_the_missing_action(
    stage: Stage, tmp_path: Path, operation: str
) -> None:
    stage.world.add_fault(Fault(Deny(), Match(operation=operation)))
    ended = stage.call("init", "--region", "eu-west-1")
    assert ended.code == ExitCode.ERROR
    assert "could be read; nothing was written" in ended.err
    assert f"the role needs eks:{operation}" in ended.err
    assert not (tmp_path / "eksdns.yaml").exists()


def test_a_region_without_clusters_is_refused_for_that_reason(stage: Stage) -> None:
    ended = stage.call("init", "--region", "eu-north-1")
    assert ended.code != ExitCode.DONE
    assert "the role needs" not in ended.err


def test_without_a_region_all_enabled_ones_are_searched_and_written(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_REGION")
    ended = stage.call("init")
    assert ended.code == ExitCode.PARTIAL, ended.err
    assert "regions: all" in (tmp_path / "eksdns.yaml").read_text(encoding="utf-8")
    assert "in sync" in stage.call("plan", "--cluster", "dev-1").out
