"""Tokens, verdicts, groups, zones and durations against the packages that CoreDNS itself is built from.

EKSDNS_FUZZ_INPUTS sets how many inputs are compared (default 20000), EKSDNS_FUZZ_SEED where the dice start.
"""

import os
from pathlib import Path

import pytest

from tests.e2e.grammar_judge import compare
from tests.support.corefile.collected import COLLECTION, collected

pytestmark = pytest.mark.e2e

INPUTS = int(os.environ.get("EKSDNS_FUZZ_INPUTS", "20000"))
SEED = int(os.environ.get("EKSDNS_FUZZ_SEED", "1"))
AT_ONCE = 5000
LONGEST_SEED = 1500


def test_no_generated_input_is_read_differently_than_by_coredns(tmp_path: Path) -> None:
    texts = [entry.text for entry in collected()] if COLLECTION.exists() else []
    seeds = [text.encode("utf-8", "surrogateescape") for text in texts if len(text) < LONGEST_SEED]
    for number in range(-(-INPUTS // AT_ONCE)):
        differences = compare(min(AT_ONCE, INPUTS), SEED * 1_000_000 + number, tmp_path.resolve(), seeds)
        assert not differences, "\n".join(differences[:5])
