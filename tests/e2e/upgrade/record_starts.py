"""Records which of the collected Corefiles each CoreDNS release starts with, in a pod of the add-on.

python -m tests.e2e.upgrade.record_starts
"""

import json
import tempfile
from pathlib import Path

from tests.e2e.collection import collected
from tests.e2e.coredns_release import BUILDABLE, Case, judged
from tests.e2e.test_lint_agrees import Finding

RECORDED = Path(__file__).with_name("recorded_starts.json")
STARTS, REFUSED, UNKNOWABLE = "+", "-", "?"
"""UNKNOWABLE: refused for files, networks and the like, which a text does not show."""


def starts(version: str, folder: Path) -> str:
    """One letter for each Corefile, in the order of the collection.

    The environment of the collection is not set: a pod of the add-on has none of its variables.
    """
    cases = [Case(one.case.corefile) for one in collected()]
    verdicts = judged(cases, folder, version)
    return "".join(
        letter(Finding("", case, verdict, ())) for case, verdict in zip(cases, verdicts, strict=True)
    )


def letter(found: Finding) -> str:
    if found.verdict.ok:
        return STARTS
    return UNKNOWABLE if found.is_out_of_sight else REFUSED


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        recorded = {version: starts(version, Path(made)) for version in BUILDABLE}
    RECORDED.write_text(json.dumps(recorded, indent=1) + "\n", "utf-8")
