"""What is recorded of our own Corefiles is what CoreDNS says today."""

import json
from pathlib import Path

from tests.e2e.record_corpus import judge
from tests.support.corefile.corpus import RECORDED


def test_the_recorded_verdicts_are_coredns_own(tmp_path: Path) -> None:
    assert judge(tmp_path) == json.loads(RECORDED.read_text(encoding="utf-8"))
