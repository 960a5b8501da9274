"""Names of regions: a typo is refused with a suggestion, a region of tomorrow works and is warned of."""

from pathlib import Path

import pytest

from tests.support.walkthrough import shell

FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts: [{id: "111122223333", name: shop, regions: [%s]}]
"""
SCENARIO = """
version: 1
accounts: [{id: "111122223333", name: shop, regions: [%s]}]
documents: {plain: '{"replicaCount":2}'}
clusters: [{name: shop, region: %s, addon: v1.11.4-eksbuild.51, document: plain}]
"""


def ask(folder: Path, region: str, *args: str, actual: str = "us-east-1") -> tuple[int, str]:
    (folder / "fleet.yaml").write_text(FLEET % region)
    (folder / "scenario.yaml").write_text(SCENARIO % (actual, actual))
    with shell(folder / "fleet.yaml", folder / "scenario.yaml") as here:
        return here.type(*args)


@pytest.mark.parametrize(
    ("typo", "meant"), [("us-esat-1", "us-east-1"), ("eu-west1", "eu-west-1"), ("use-ast-1", "us-east-1")]
)
@pytest.mark.parametrize("verb", ["validate", "plan", "apply"])
def test_a_typo_in_the_fleet_file_is_an_error_with_a_suggestion(
    tmp_path: Path, typo: str, meant: str, verb: str
) -> None:
    scope = () if verb == "validate" else ("--all",)
    code, text = ask(tmp_path, typo, verb, *scope)
    assert code == 1
    assert f"invalid region '{typo}'" in text
    assert f"did you mean '{meant}'?" in text


@pytest.mark.parametrize("verb", ["plan", "apply", "status"])
def test_a_typo_on_the_command_line_is_a_usage_error(tmp_path: Path, verb: str) -> None:
    code, text = ask(tmp_path, "us-east-1", verb, "--all", "--region", "us-esat-1")
    assert code == 64
    assert "--region us-esat-1" in text
    assert "did you mean us-east-1?" in text


def test_a_region_of_tomorrow_is_warned_of_and_works(tmp_path: Path) -> None:
    code, text = ask(tmp_path, "us-east-9", "plan", "--all", actual="us-east-9")
    assert code == 0
    assert "this version of eksdns does not know the region us-east-9" in text
    assert "did you mean us-east-1? A new region works as well" in text
    assert "Plan: 1 target" in text
