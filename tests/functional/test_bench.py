"""The benchmark's counts on a tiny fleet; its times are nobody's promise."""

import pytest

from tests.bench.contenders import OURS, eksdns, lean
from tests.bench.measuring import WrongCountError, measure
from tests.bench.serving import simulator
from tests.bench.setting import Setting, environment, write_files
from tests.bench.table import table

pytestmark = pytest.mark.slow


TINY = Setting(clusters=6, accounts=2, latency=0.0, is_tls=True)


def test_ours_makes_the_fewest_calls_and_the_table_sets_programs_side_by_side(tmp_path):
    files = write_files(TINY, tmp_path)
    with simulator(TINY, files) as serving:
        env = environment(files, serving.url)
        ours = measure(eksdns(files), serving, env, TINY.clusters)
        leanest = measure(lean(files), serving, env, TINY.clusters)
        with pytest.raises(WrongCountError, match="read 6 of 7 clusters"):
            measure(lean(files), serving, env, TINY.clusters + 1)
    minimum = {"AssumeRole": 2, "ListClusters": 4, "DescribeAddon": 6}
    assert leanest.counts.calls == minimum
    versions = ours.counts.calls.pop("DescribeAddonConfiguration")
    assert ours.counts.calls == minimum
    assert 1 <= versions <= 6
    assert ours.counts.connections >= 1
    lines = table([ours, leanest]).splitlines()
    assert len(lines) == 4
    assert lines[2].startswith(f"| {OURS} | 6 |")
    assert lines[2].endswith("| 1.00 | 1.00 | 1.00 |")
