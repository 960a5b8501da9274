"""The role sessions of an adoption carry its run ID."""

import re
from pathlib import Path
from unittest import mock

import pytest

from eksaddon.app.session import AccessBook, Session
from eksaddon.app.wiring import open_session
from eksaddon.cli import adoption
from tests.support.walkthrough import shell

SCENARIO = """
version: 1
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
clusters:
  - name: own
    region: eu-west-1
    addon: none
    kubernetes: "1.33"
    workload: {corefile: ".:53 {\\n    whoami\\n}\\n"}
"""
FLEET = "version: 1\ncoredns: {replicaCount: 3}\naccounts: [{id: '111122223333', regions: [eu-west-1]}]\n"


@pytest.mark.parametrize("more", [(), ("--undo",)], ids=["adopt", "undo"])
def test_an_adoption_names_its_sessions_by_the_run_that_it_prints(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    with shell(tmp_path / "fleet.yaml", tmp_path / "scenario.yaml") as here:
        opened: list[object] = []

        def session(book: AccessBook, *, threads: int, run: str) -> Session:
            opened.append(run)
            return open_session(book, threads=threads)

        with mock.patch.object(adoption, "open_session", session):
            text = here.type("adopt", "--cluster", "own", "--dry-run", *more)[1]
    (run,) = opened
    assert re.fullmatch(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}", str(run))
    assert f"run: {run}\n" in text
