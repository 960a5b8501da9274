"""The HTML report of thousands of clusters in a real browser."""

import sys

import pytest
from playwright.sync_api import expect

from eksaddon.report.render import Drifted
from tests.support.report.browser import VISIBLE, WHOLE
from tests.support.report.reports import fleet_plan

pytestmark = pytest.mark.e2e

PATIENCE = 60_000
"""Milliseconds, on a machine that others use too."""


def test_two_thousand_clusters_are_all_there_and_the_time_is_reported(opened, record_property, capsys):
    found = opened(Drifted(fleet_plan(2000, 40)), wait=False)
    timing = found.page.evaluate(
        """() => {
          const [found] = performance.getEntriesByType("navigation");
          return [found.domInteractive, found.domContentLoadedEventEnd, found.loadEventEnd].map(Math.round);
        }"""
    )
    found.page.wait_for_selector(WHOLE)
    whole = found.page.evaluate("() => { document.body.offsetHeight; return Math.round(performance.now()); }")
    names = ("interactive", "ready", "loaded", "whole")
    measured = dict(zip(names, (*timing, whole), strict=True))
    record_property("milliseconds", measured)
    with capsys.disabled():
        sys.stdout.write(f" [{', '.join(f'{name} {ms} ms' for name, ms in measured.items())}] ")
    assert found.shown == 2000
    assert found.page.locator(f"{VISIBLE} th").last.bounding_box() is not None


def test_of_six_thousand_clusters_some_are_laid_out_and_all_can_be_reached(opened):
    found = opened(Drifted(fleet_plan(6_000, 100)))
    page = found.page
    assert found.shown == 2500
    found.says("6,000 targets")
    page.locator("#search").fill("cluster-5999")
    found.says("1 of 6,000 shown")
    assert found.shown == 1
    page.locator("#clear").click()
    expect(page.locator("#shown")).to_have_text("6,000 of 6,000 shown", timeout=PATIENCE)
    heading = page.locator("#table thead th button").first
    heading.click()
    heading.click()
    assert found.names(1) == ["cluster-5999"]
    assert found.shown == 2500
    page.locator("#rest").scroll_into_view_if_needed()
    expect(page.locator(VISIBLE)).to_have_count(5000, timeout=PATIENCE)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert found.shown == 6_000
    assert found.complaints == []


def test_a_row_costs_few_nodes_and_all_rows_the_same(opened):
    few, many = (
        opened(Drifted(fleet_plan(size, 40))).page.evaluate("document.querySelectorAll('#table *').length")
        for size in (1000, 2000)
    )
    assert (many - few) / 1000 <= 16
    assert many < 2000 * 16 + 100


def test_a_filter_lays_out_the_list_once_however_long_it_is(opened):
    """Reading a size between two writes would make the browser lay out anew for each row."""
    found = opened(Drifted(fleet_plan(2000, 40)))
    session = found.page.context.new_cdp_session(found.page)
    session.send("Performance.enable")

    def layouts() -> int:
        metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        return int(metrics["LayoutCount"])

    before = layouts()
    found.page.locator("#search").fill("cluster-000")
    found.says("10 of 2,000 shown")
    assert layouts() - before < 50
