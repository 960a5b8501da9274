"""`plan --try-corefile` and the gate `corefile-try`, with a program that stands for CoreDNS."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.workload.test_desired_corefile import FLEET, SCENARIO, STOCK, stored
from tests.support.corefile.fake_coredns import fake_coredns
from tests.support.walkthrough import ANY_RUN_ID, Shell, shell

WAVES = """
rollout:
  waves:
    - {name: only, before: [{type: corefile-try}], maxConcurrency: 100%}
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Shell]:
    (tmp_path / "first.yaml").write_text(FLEET + WAVES)
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    with shell(tmp_path / "first.yaml", tmp_path / "scenario.yaml") as one:
        yield one


def test_a_plan_says_what_a_real_coredns_makes_of_each_corefile(here: Shell, tmp_path: Path) -> None:
    fake_coredns(tmp_path, "1.11.4", refused="cache 60")
    code, text = here.type("plan", "--all", "--try-corefile", "--coredns", str(tmp_path))
    assert code == 3, text
    assert "a real CoreDNS 1.11.4 fails with the new Corefile" in text
    assert "refused: cache 60" in text
    assert "CoreDNS 1.11.4 starts with the new Corefile and answers every query of the trial" in text


def test_a_saved_plan_with_a_trial_can_be_applied(here: Shell, tmp_path: Path) -> None:
    fake_coredns(tmp_path, "1.11.4")
    options = ("--try-corefile", "--coredns", str(tmp_path))
    code, text = here.type("plan", "--cluster", "dev", *options, "--out", "saved.plan")
    assert code == 0, text
    code, text = here.type("apply", "saved.plan", "--yes")
    assert code == 0, text
    assert stored(here, "dev") != STOCK


def test_without_the_right_coredns_a_plan_says_so(here: Shell, tmp_path: Path) -> None:
    binary = fake_coredns(tmp_path, "1.14.7")
    code, text = here.type("plan", "--cluster", "dev", "--try-corefile", "--coredns", str(binary))
    assert code == 0, text
    assert "the Corefile was not tried" in text
    assert "is CoreDNS 1.14.7, not 1.11.4" in " ".join(text.split())
    fake_coredns(tmp_path, "1.11.4", refused="errors")
    code, text = here.type("plan", "--cluster", "dev", "--try-corefile", "--coredns", str(tmp_path))
    assert code == 0, text
    assert "does not start with the Corefile in force" in " ".join(text.split())


def test_the_gate_lets_a_wave_start_only_if_its_corefiles_answer(
    here: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EKSDNS_COREDNS", str(tmp_path))
    code, text = here.type("apply", "--all", "--yes")
    assert code == 4, text
    assert "check corefile-try is inconclusive" in text
    assert stored(here) == STOCK
    run_id = ANY_RUN_ID.findall(text)[0]
    fake_coredns(tmp_path, "1.11.4")
    code, text = here.type("resume", run_id)
    assert code == 0, text
    assert "check corefile-try: pass (2 Corefiles answer in a real CoreDNS)" in text
    assert stored(here) != STOCK


def test_the_gate_pauses_before_a_corefile_that_does_not_start(
    here: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EKSDNS_COREDNS", str(fake_coredns(tmp_path, "1.11.4", refused="cache 60")))
    code, text = here.type("apply", "--all", "--yes")
    assert code == 4, text
    assert "check corefile-try failed: CoreDNS 1.11.4: CoreDNS does not start" in text
    assert stored(here) == STOCK
