"""A plan whose targets are blocked is not green."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.walkthrough import Shell, shell

FLEET = """
version: 1
coredns:
  configuration: {podColour: blue}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
overrides:
  - match: {cluster: "good*"}
    coredns: {configuration: {podColour: null}, replicaCount: 3}
"""
SCENARIO = """
version: 1
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
documents: {plain: '{"replicaCount":2}'}
clusters:
  - {name: good, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
  - {name: "bad-{n}", count: 2, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Shell]:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    with shell(tmp_path / "fleet.yaml", tmp_path / "scenario.yaml") as one:
        yield one


@pytest.mark.parametrize(
    ("clusters", "code"), [(("bad-1", "bad-2"), 5), (("good", "bad-1"), 3), (("good",), 0)], ids=str
)
@pytest.mark.parametrize("way", ["plan", "github run"])
def test_blocked_targets_decide_the_exit_code(
    here: Shell, monkeypatch: pytest.MonkeyPatch, way: str, clusters: tuple[str, ...], code: int
) -> None:
    chosen = [part for cluster in clusters for part in ("--cluster", cluster)]
    if way == "plan":
        found, text = here.type("plan", *chosen, "--detailed-exitcode" if code else "--quiet")
    else:
        for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
            monkeypatch.setenv(name, str(Path(name).absolute()))
        found, text = here.type("github", "run", "--command", " ".join(["plan", *chosen]))
    assert found == code, text
