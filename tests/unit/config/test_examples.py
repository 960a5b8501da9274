import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from eksaddon.config.findings import fleet_findings
from eksaddon.config.json_schema import config_schema
from eksaddon.config.load import load_fleet, parse_fleet
from eksaddon.config.resolve import Resolver
from eksaddon.config.starter import starter
from eksaddon.config.yaml.document import parse_document
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.selection import Match
from eksaddon.domain.termination import TerminationSettings, Verdict, timeline
from tests.support.fleets import TODAY, target
from tests.support.paths import ROOT

EXAMPLES = sorted((ROOT / "configs").glob("*.yaml"))

OPTIONAL = re.compile(r"^( *)# ?((?: *- | *[a-zA-Z]+:(?: |$)).*|  .*)$", re.MULTILINE)


def everything_in(starter: str) -> str:
    """The starter with all that it offers in comments; the two lists of accounts go together."""
    head, body = starter.split("version: 1\n")
    return "version: 1\n".join([head, OPTIONAL.sub(r"\1\2", body)])


def verdict(state: DesiredState) -> Verdict:
    assert state.lameduck is not None
    assert state.grace_seconds is not None
    assert state.pre_stop_seconds is not None
    return timeline(
        TerminationSettings(
            state.pre_stop_seconds,
            (state.lameduck.nanoseconds,),
            state.grace_seconds,
            propagation_ns=state.propagation.nanoseconds,
        )
    ).verdict


def test_there_are_examples() -> None:
    assert {path.stem for path in EXAMPLES} >= {"single-cluster", "fleet", "organization", "three-waves"}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_good_for_loader_and_schema(path: Path) -> None:
    found = load_fleet(path)
    assert fleet_findings(found, TODAY) == ()
    jsonschema.Draft202012Validator(config_schema()).validate(
        parse_document(path.read_text(), "f.yaml").value
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_example_lets_a_pod_be_killed_while_it_answers(path: Path) -> None:
    found = load_fleet(path)
    resolver = Resolver(found, (), TODAY)
    somebody = [
        target(labels=labels)
        for labels in ((), (("env", "prod"), ("load", "high"), ("path", "/Workloads/Prod")))
    ]
    assert {verdict(resolver.resolve(each)) for each in somebody} == {Verdict.FITS}


@pytest.mark.parametrize("kubernetes", [True, False])
def test_the_starter_is_good_and_manages_nothing_that_could_weaken(kubernetes: bool) -> None:
    found = parse_fleet(starter(kubernetes=kubernetes), "eksdns.yaml")
    assert fleet_findings(found, TODAY) == ()
    assert Resolver(found, (), TODAY).resolve(target()).is_empty


@pytest.mark.parametrize("kubernetes", [True, False])
def test_commented_values_of_the_starter_are_valid_too(kubernetes: bool) -> None:
    found = parse_fleet(everything_in(starter(kubernetes=kubernetes)), "eksdns.yaml")
    resolved = Resolver(found, (), TODAY).resolve(target())
    assert verdict(resolved) is Verdict.FITS if kubernetes else resolved.grace_seconds is None
    assert found.accounts
    assert found.organization
    assert found.overrides
    assert found.waivers
    assert found.strategy
    assert found.strategy.waves[1].select == Match()
    assert any(setting.keys == ("tolerations",) for setting in found.settings)


def test_no_line_of_the_starter_is_too_long_for_a_terminal() -> None:
    texts = (starter(kubernetes=kubernetes) for kubernetes in (True, False))
    assert max(len(line) for text in texts for line in text.splitlines()) <= 110


@pytest.mark.slow
def test_without_a_file_neither_pydantic_nor_yaml_is_loaded() -> None:
    program = """
import sys
from pathlib import Path
from eksaddon.config import explain, findings, flags, load, resolve, starter
flags.read_flags(lameduck="20s", grace="45", pdb_max_unavailable="1")
load.fleet_for(flags.read_flags(replicas=3), config=None, environ={}, folder=Path("/nowhere"))
print([name for name in ("pydantic", "pydantic_core", "ruamel.yaml", "botocore") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"
