"""The benchmark's counts on a tiny fleet, and its statistics; its times are nobody's promise."""

from dataclasses import replace

import pytest

from tests.bench.contenders import LEAN, OURS, eksdns, lean, with_live_reads
from tests.bench.measuring import Run, Series, WrongCountError, measure
from tests.bench.results import Result, Results, compared, read_results, write_results
from tests.bench.serving import simulator
from tests.bench.setting import Setting, environment, write_files
from tests.bench.table import page, table
from tests.support.paths import ROOT

TINY = Setting(clusters=6, accounts=2, latency=0.0, is_tls=True)
MINIMUM = {"AssumeRole": 2, "ListClusters": 4, "DescribeAddon": 6}
READS = 6
"""Requests to the Kubernetes API of a cluster whose Corefile changes."""


@pytest.mark.slow
def test_each_program_makes_the_calls_that_it_needs(tmp_path):
    files = write_files(TINY, tmp_path)
    with simulator(TINY, files) as serving:
        env = environment(files, serving.url)
        ours = measure(eksdns(files), serving, env, TINY.clusters)
        live = measure(with_live_reads(files), serving, env, TINY.clusters)
        leanest = measure(lean(files), serving, env, TINY.clusters)
        with pytest.raises(WrongCountError, match="read 6 of 7 clusters"):
            measure(lean(files), serving, env, TINY.clusters + 1)
    assert leanest.calls == MINIMUM
    assert {name: ours.calls[name] for name in MINIMUM} == MINIMUM
    versions = ours.call_count - sum(MINIMUM.values())
    assert ours.calls["DescribeAddonConfiguration"] == versions <= TINY.clusters
    assert live.call_count == ours.call_count + TINY.clusters * (1 + READS)
    assert live.calls["DescribeCluster"] == TINY.clusters
    assert live.connections <= 2 * TINY.clusters + TINY.accounts  # one to each cluster, the pool of AWS


def a_run(wall: float, load: float = 0.5) -> Run:
    return Run(wall, wall / 2, 60.0, {"DescribeAddon": 6}, 2, load)


def a_result(*walls: float) -> Result:
    base = Series(LEAN, 6, (a_run(1.0), a_run(2.0), a_run(4.0)))
    return Result("6 clusters", (Series(OURS, 6, tuple(map(a_run, walls))), base))


def test_a_ratio_is_taken_within_a_turn_and_the_median_counts():
    lines = table(a_result(2.0, 2.2, 4.0)).splitlines()
    assert len(lines) == 4
    assert lines[2].startswith(f"| {OURS} | 6 | 2.20 (2.00 to 4.00) |")
    assert lines[2].endswith("| 1.10 (1.00 to 2.00) | 1.10 (1.00 to 2.00) | 1.00 |")
    assert lines[3].endswith("| 1.00 | 1.00 | 1.00 |")


def test_a_program_of_the_first_turn_is_compared_with_that_turn():
    once = Series("once", 3, (a_run(2.0),))
    result = a_result(1.0, 1.0, 1.0)
    (row,) = [
        line for line in table(replace(result, series=(*result.series, once))).splitlines() if "once" in line
    ]
    assert row.split("|")[8].strip() == "4.00"  # twice the time for half of the clusters


def test_two_results_are_compared_by_their_spread(tmp_path):
    before, after = (
        Results("CPython 3.11.7", 2, (a_result(*walls),)) for walls in ((2.0, 2.2, 2.4), (3.0, 3.1, 3.2))
    )
    write_results(before, tmp_path / "before.json")
    assert read_results(tmp_path / "before.json") == before
    lines = list(compared(read_results(tmp_path / "before.json"), after))
    assert f"6 clusters: {OURS}, wall s: 2.20 -> 3.10 (+41 %, outside the spread)" in lines
    assert f"6 clusters: {LEAN}, wall s: 2.00 -> 2.00 (+0 %, within the spread)" in lines


def test_the_tables_of_the_docs_are_made_from_the_results():
    text = (ROOT / "docs" / "benchmarks.md").read_text()
    assert page(read_results(ROOT / "tests" / "bench" / "results.json")) in text
