"""Records which of the collected Corefiles each CoreDNS release starts with.

python -m tests.e2e.upgrade.record_starts
"""

import json
import re
import tempfile
from pathlib import Path

from tests.e2e.collection import collected
from tests.e2e.coredns_release import BUILDABLE, Verdict, judged
from tests.e2e.test_lint_agrees import OUT_OF_SIGHT

RECORDED = Path(__file__).with_name("recorded_starts.json")
STARTS, REFUSED, UNKNOWABLE = "+", "-", "?"
"""UNKNOWABLE: refused for files, networks and the like, which a text does not show."""


def letter(verdict: Verdict) -> str:
    if verdict.ok:
        return STARTS
    is_known = any(re.search(words, verdict.error) for words in OUT_OF_SIGHT.values())
    return UNKNOWABLE if is_known or verdict.error.startswith("cannot serve") else REFUSED


def starts(version: str, folder: Path) -> str:
    """One letter for each Corefile, in the order of the collection."""
    return "".join(map(letter, judged([one.case for one in collected()], folder, version)))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        found = {version: starts(version, Path(made)) for version in BUILDABLE}
    RECORDED.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
