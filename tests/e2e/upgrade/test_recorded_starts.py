"""Lint agrees with every CoreDNS release that EKS ships, also with those that are not built for the test."""

import json
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from eksaddon.corefile import decode
from eksaddon.corefile.lint.findings import Group
from eksaddon.corefile.lint.linter import POD, lint
from eksaddon.domain.diagnostic import Severity
from tests.e2e.collection import collected
from tests.e2e.coredns_release import BUILDABLE, CHOSEN
from tests.e2e.upgrade.record_starts import RECORDED, REFUSED, STARTS, starts
from tests.support.corefile.versions import coredns_version

pytestmark = pytest.mark.e2e

SHARE = int(os.environ.get("EKSDNS_E2E_SHARE", "2"))
"""Uses every n-th collected Corefile of releases that are not built."""

ABOUT_STARTING = frozenset(Group) - {Group.RESOLUTION}


@pytest.mark.parametrize("version", [each for each in BUILDABLE if each not in CHOSEN])
def test_lint_agrees_with_what_a_release_said(version: str) -> None:
    number, letters = coredns_version(version), json.loads(RECORDED.read_text(encoding="utf-8"))[version]
    sources = collected()
    assert len(letters) == len(sources)
    table, wrong = Counter[tuple[str, bool]](), []
    for source, said in [*zip(sources, letters, strict=True)][::SHARE]:
        pod = replace(POD, environment=source.case.env)
        text = decode(source.case.corefile)
        found = lint(text, version=number, surroundings=pod, groups=ABOUT_STARTING)
        is_refused = any(one.severity is Severity.ERROR for one in found)
        table[said, is_refused] += 1
        if (said, is_refused) in {(STARTS, True), (REFUSED, False)}:
            wrong.append(source.id)
    assert wrong == []
    assert table[STARTS, False]
    assert table[REFUSED, True]


@pytest.mark.parametrize("version", CHOSEN)
def test_recorded_results_equal_those_of_a_release(version: str, tmp_path: Path) -> None:
    assert starts(version, tmp_path) == json.loads(RECORDED.read_text(encoding="utf-8"))[version]
