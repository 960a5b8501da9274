"""A stdout that cannot be written turns nothing that was done into a bug."""

from pathlib import Path

import pytest

from tests.support.child import environment, finish, simulated, start

pytestmark = pytest.mark.slow

SCENARIO = """
version: 1
pace: {update: [0, 0]}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
documents: {plain: '{"replicaCount":2}'}
clusters:
  - {name: a, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
"""
APPLY = ("apply", "--cluster", "a", "--replicas", "3", "--yes", "-q")


def test_a_finished_run_leaves_its_report_elsewhere(tmp_path: Path) -> None:
    with simulated(SCENARIO) as (world, url), Path("/dev/full").open("w") as full:
        code, _, err = finish(start(*APPLY, env=environment(tmp_path, url), stdout=full))
        assert (code, "Traceback" in err, "bug in eksdns" in err) == (1, False, False), err
        assert "error: cannot write to stdout: No space left on device; the report is in " in err
        assert world.calls.counts["UpdateAddon"] == 1
    (report,) = (tmp_path / "state" / "eksdns" / "reports").iterdir()
    assert "succeeded" in report.read_text()
    assert report.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("command", [("history",), ("explain", "--help")], ids=str)
def test_other_commands_say_so_too(tmp_path: Path, command: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        code, _, err = finish(start(*command, env=environment(tmp_path, "http://127.0.0.1:1"), stdout=full))
    assert code == 1, err
    assert "error: cannot write" in err
    assert "Traceback" not in err
