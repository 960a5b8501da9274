"""The probe of a wave in every format, read back and merged."""

import csv
import io
import json
from dataclasses import fields, replace

import pytest

from eksaddon.domain.probing.figures import ClusterProbe, Figures, ProbePart
from eksaddon.domain.probing.own_counts import OwnCounts
from eksaddon.domain.probing.series import Series
from eksaddon.domain.probing.verdict import ProbeWord, Thresholds, judge_figures
from eksaddon.domain.run.result import ClusterWrite, ProbeResult, RunResult, WaveResult
from eksaddon.domain.run.target_progress import WriteSpan
from eksaddon.report.documents import published
from eksaddon.report.documents.merge import merge_texts
from eksaddon.report.documents.published import RunDocument
from eksaddon.report.format import Format
from eksaddon.report.model.build import run_model
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.model.probes import probe_rows
from eksaddon.report.proving.waves import wave_pictures
from eksaddon.report.render import Ran, render
from tests.support.report.reports import fleet_run
from tests.support.report.validating import check_document

LOST = Figures(100, 0, 100, 88, (("timeout", 12),), 0.4)


def probed(run: RunResult, *figures: Figures, trouble: str = "") -> RunResult:
    """The first clusters of the run, each with figures."""
    refs = [each.plan.target.ref for each in run.results]
    clusters = tuple(
        ClusterProbe(ref, 1000.0, 1100.0, each, trouble, "this host")
        for ref, each in zip(refs, figures, strict=False)
    )
    verdict = ProbeWord.FAIL if any(each.lost for each in figures) else ProbeWord.PASS
    probe = ProbeResult(verdict, ("lost",) if verdict is ProbeWord.FAIL else (), clusters, 34.0)
    return replace(run, waves=(WaveResult("a", "succeeded", 2, 1, 0, ("probe",), probe=probe),))


def text_of(run: RunResult, format_: Format = Format.JSON) -> str:
    return render(Ran(run), format_, RenderOptions(width=120))


def test_a_published_document_validates_and_reads_back_unchanged():
    run = probed(fleet_run(20), LOST, Figures(100, 3, 97, 97), trouble="gone")
    text = text_of(run)
    check_document(json.loads(text), RunDocument)
    assert merge_texts([("a.json", text)]).waves == run.waves


def over_time(run: RunResult) -> RunResult:
    """With a series and two writes to the first cluster, one of them not over."""
    (wave,), ref = run.waves, run.results[0].plan.target.ref
    assert wave.probe is not None
    series = Series(1024, 4, (40, 60), (0, 12))
    writes = (
        ClusterWrite(ref, WriteSpan(1025.0, 1029.0)),
        ClusterWrite(ref, WriteSpan(1030.0, None, restores=True)),
    )
    return replace(run, waves=(replace(wave, probe=replace(wave.probe, series=series, writes=writes)),))


def test_counts_over_time_and_writes_are_read_back_and_summed():
    run = over_time(probed(fleet_run(20), LOST))
    text = text_of(run)
    check_document(json.loads(text), RunDocument)
    assert merge_texts([("a.json", text)]).waves == run.waves
    whole = fleet_run(20)
    halves = [replace(whole, results=whole.results[number::2]) for number in (0, 1)]
    texts = [text_of(over_time(probed(half, LOST))) for half in halves]
    merged = merge_texts([("a.json", texts[0]), ("b.json", texts[1])]).waves[0].probe
    assert merged is not None
    assert merged.series == Series(1024, 4, (80, 120), (0, 24))
    assert [each.span.began for each in merged.writes] == [1025.0, 1025.0, 1030.0, 1030.0]


def test_the_page_draws_lookups_over_time_with_the_writes_and_escapes_names():
    run = over_time(probed(fleet_run(20), LOST))
    (picture,) = wave_pictures(run_model(run))
    assert (picture.wave, picture.lookups.step, picture.lookups.zero) == ("a", 4, 1025.0)
    assert [each.text.rpartition(" is being ")[2] for each in picture.lookups.spans] == [
        "changed",
        "rolled back",
    ]
    text = text_of(run, Format.HTML)
    drawn = text[
        text.index('<svg xmlns="http://www.w3.org/2000/svg" class="lookups"') : text.rindex("</svg>")
    ]
    assert "<style>" not in drawn
    assert 'id="probe-1-title"' in drawn
    assert drawn.count('class="lost"') == 2  # the legend's too
    assert "lookups in 4 seconds; time since the first write" in drawn
    (wave,) = run.waves
    spaced = replace(run, waves=(replace(wave, name="<b>"),))
    assert "Wave &lt;b&gt;:" in text_of(spaced, Format.HTML)


def test_without_a_write_time_counts_from_the_first_lookup_and_without_counts_nothing_is_drawn():
    run = over_time(probed(fleet_run(20), LOST))
    (wave,) = run.waves
    assert wave.probe is not None
    read_only = replace(run, waves=(replace(wave, probe=replace(wave.probe, writes=())),))
    (picture,) = wave_pictures(run_model(read_only))
    assert (picture.lookups.zero, picture.lookups.since) == (1024.0, "the first lookup")
    assert list(wave_pictures(run_model(probed(fleet_run(20), LOST)))) == []


def test_merged_probes_are_as_bad_as_the_worst_and_hold_all_clusters():
    whole = fleet_run(20)
    halves = [replace(whole, results=whole.results[number::2]) for number in (0, 1)]
    texts = [
        text_of(probed(half, figures))
        for half, figures in zip(halves, (LOST, Figures(9, 0, 9, 9)), strict=True)
    ]
    merged = merge_texts([("a.json", texts[0]), ("b.json", texts[1])]).waves[0].probe
    assert merged is not None
    assert (merged.verdict, len(merged.clusters), merged.unmeasured) == (ProbeWord.FAIL, 2, 34.0)


def test_waves_without_a_probe_have_none():
    run = replace(fleet_run(4), waves=(WaveResult("a", "succeeded", 4, 1),))
    assert "probe" not in json.loads(text_of(run))["waves"][0]
    assert merge_texts([("a.json", text_of(run))]).waves[0].probe is None


@pytest.mark.parametrize("format_", [Format.TABLE, Format.MARKDOWN, Format.HTML])
def test_clusters_that_lost_lookups_are_named_with_their_figures(format_: Format):
    text = " ".join(text_of(probed(fleet_run(20), LOST), format_).split())
    assert "probe fail: 12 of 100 lookups lost in 1 cluster" in text
    assert "not measured for 34 s" in text
    assert "12 (12 timeout)" in text


@pytest.mark.parametrize("format_", [Format.TABLE, Format.MARKDOWN])
def test_a_long_list_is_cut_with_the_number_of_what_is_left(format_: Format):
    run = probed(fleet_run(200), *[LOST] * 150)
    options = RenderOptions(width=120, most_names=20)
    assert "and 130 more clusters" in render(Ran(run), format_, options)


def test_a_row_says_what_could_not_be_measured():
    run = probed(fleet_run(20), Figures(100, 3, 97, 97), trouble="gone")
    (row,) = probe_rows(run_model(run))
    assert (row.lost, row.outage, row.is_bad) == ("0; 3 not sent in time; gone", "none", True)


def test_a_row_says_what_the_host_of_the_prober_dropped():
    figures = Figures(100, 0, 100, 96, (("dropped-by-this-host", 3), ("timeout", 1)))
    (row,) = probe_rows(run_model(probed(fleet_run(20), figures)))
    assert row.lost == "1 (1 timeout); 3 replies dropped by the prober's host"
    judged = judge_figures(figures, Thresholds(max_lost=1))
    assert judged.reasons == ("3 of 100 replies were dropped by this host",)


def in_cluster(run: RunResult, own: OwnCounts) -> RunResult:
    """The first cluster's probe ran on two nodes, and on one of them lookups were lost."""
    (wave,) = run.waves
    assert wave.probe is not None
    (first, *_) = wave.probe.clusters
    parts = (ProbePart("node-a", "kube-dns", LOST), ProbePart("node-b", "kube-dns", Figures(9, 0, 9, 9)))
    inside = replace(first, own=own, parts=(*parts, ProbePart("node-b", "pod/x", Figures(9, 0, 9, 9))))
    return replace(run, waves=(replace(wave, probe=replace(wave.probe, clusters=(inside,))),))


def test_nodes_pods_and_corednss_own_counters_are_published_and_read_back():
    run = in_cluster(probed(fleet_run(20), LOST), OwnCounts(2, (("panics", 3),), "one pod did not answer"))
    text = text_of(run)
    check_document(json.loads(text), RunDocument)
    assert merge_texts([("a.json", text)]).waves == run.waves


@pytest.mark.parametrize("format_", [Format.TABLE, Format.MARKDOWN, Format.HTML])
def test_lost_lookups_are_named_node_by_node_and_errors_by_their_counter(format_: Format):
    run = in_cluster(probed(fleet_run(20), LOST), OwnCounts(2, (("panics", 3),)))
    text = render(Ran(run), format_, RenderOptions(width=200)).replace("\\", "")
    assert "12 (12 timeout); node-a 12, node-b 0" in text
    assert "3 panics" in text


@pytest.mark.parametrize(
    ("own", "counted"),
    [(OwnCounts(2), "nothing"), (OwnCounts(unread="denied"), "not read"), (None, "not read")],
)
def test_counters_that_did_not_rise_are_distinguished_from_those_that_were_not_read(own, counted):
    run = in_cluster(probed(fleet_run(20), LOST), own)
    (row,) = probe_rows(run_model(run))
    assert row.counted == counted


FIGURES = Figures(1000, 3, 997, 950, (("timeout", 31), ("SERVFAIL", 11), ("not-sent", 5)), 7.4)
SHOWN = {
    "asked": "997",
    "good": "42",  # as what is left of those that were asked: the lost ones
    "failures": "31 timeout, 11 SERVFAIL",
    "longest_outage": "7.4",
    "missed": "8",  # with those that could not be sent
    "scheduled": "",  # the sum of those that were asked and those that were missed
}
"""What a report that is not JSON has of each field; of numbers that occur nowhere else."""


@pytest.mark.parametrize("format_", Format)
def test_every_format_has_every_figure_of_a_probe_that_lost_lookups(format_: Format):
    assert set(SHOWN) == {each.name for each in fields(Figures)}
    run = in_cluster(probed(fleet_run(4), FIGURES), OwnCounts(2, (("panics", 77),)))
    text = " ".join(render(Ran(run), format_, RenderOptions(width=300)).split()).replace("\\", "")
    if format_ in {Format.JSON, Format.YAML}:
        names = {each.name for each in fields(published.ClusterProbe)}
        assert {"scheduled", "missed", "asked", "good", "lost", "longest_outage_seconds"} <= names
        assert all(token in text for token in ("1000", "997", "950", "31", "11", "7.4", "77"))
        return
    missing = [name for name, token in SHOWN.items() if token not in text]
    assert missing == [], text
    assert "77" in text


def test_what_could_not_be_measured_is_no_loss_in_sarif_and_annotations():
    run = probed(fleet_run(4), Figures(), trouble="the Job has no pods")
    results = json.loads(text_of(run, Format.SARIF))["runs"][0]["results"]
    (found,) = [each for each in results if "lookups" in each["ruleId"]]
    assert (found["ruleId"], found["level"]) == ("lookups-not-measured", "warning")
    (line,) = [each for each in text_of(run, Format.GITHUB).splitlines() if "the Job has no pods" in each]
    assert line.startswith("::warning title=probe::")


def test_a_probe_that_passed_is_no_finding_and_has_its_figures():
    run = probed(fleet_run(4), Figures(100, 0, 100, 100))
    (sarif,) = json.loads(text_of(run, Format.SARIF))["runs"]
    assert [each for each in sarif["results"] if "lookups" in each["ruleId"]] == []
    assert "lookups 100; lost 0" in sarif["properties"]["probes"][0]["figures"]
    assert "lookups 100; lost 0" in text_of(run, Format.JUNIT)


def test_csv_has_the_lookups_of_each_cluster_and_nothing_where_none_were_measured():
    run = probed(fleet_run(20), LOST, Figures(100, 0, 100, 100))
    rows = list(csv.DictReader(io.StringIO(text_of(run, Format.CSV))))
    refs = [each.plan.target.ref for each in run.results]
    found = {
        (row["account"], row["region"], row["name"]): (row["lookups"], row["lookupsLost"]) for row in rows
    }
    counts = [found[ref.account, ref.region, ref.name] for ref in refs]
    assert counts == [("100", "12"), ("100", "0"), *[("", "")] * (len(refs) - 2)]
