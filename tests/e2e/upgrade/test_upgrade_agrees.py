"""An upgrade is refused for its Corefile exactly where the CoreDNS of the target refuses to start with it."""

import json
import os
from pathlib import Path

import pytest

from tests.e2e.coredns_release import BUILDABLE, CHOSEN
from tests.e2e.upgrade.confusion import ADDON, PAIRS, compared
from tests.e2e.upgrade.record_starts import RECORDED, REFUSED, STARTS, starts

pytestmark = pytest.mark.e2e

SHARE = 1 if CHOSEN == BUILDABLE else int(os.environ.get("EKSDNS_E2E_SHARE", "10"))
"""Uses every n-th Corefile of a pair: of 10, each target sees every second, from one of the other five."""


@pytest.mark.parametrize(("before", "to"), PAIRS)
def test_the_verdict_of_every_collected_corefile_is_that_of_the_target(before: str, to: str) -> None:
    first = [other for other in ADDON if other != to].index(before) * 2 % SHARE
    found = [*compared(before, to, first=first, step=SHARE)]
    assert [one for one in found if one.is_edited] == []
    assert [one for one in found if one.coredns == STARTS and one.refused_by] == []
    assert [one for one in found if one.coredns == REFUSED and not one.refused_by] == []
    assert {STARTS, REFUSED} <= {one.coredns for one in found}


@pytest.mark.parametrize("version", CHOSEN)
def test_recorded_results_equal_those_of_a_release(version: str, tmp_path: Path) -> None:
    assert starts(version, tmp_path) == json.loads(RECORDED.read_text(encoding="utf-8"))[version]
