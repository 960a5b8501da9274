"""The HTML report in a real browser: quick, usable in every way, and deaf to what hostile text asks of it."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from eksaddon.domain.plan import Plan
from eksaddon.domain.run.result import WaveResult
from eksaddon.report.render import Drifted, Listed, Planned, Ran
from tests.support.report.browser import VISIBLE
from tests.support.report.reports import (
    NOW,
    fleet_plan,
    fleet_run,
    hostile_plan,
    hostile_run,
    observed,
    unreachable_plan,
)

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

WAVES = tuple(
    WaveResult(f"{state} in a place with a long name", state, 1200, 25, 5400, ("approval", "probe"))
    for state in ("succeeded", "gated", "running", "soaking", "paused", "failed", "skipped", "pending")
)
CONTRAST = """
() => {
  const light = (text) => {
    const parts = text.match(/[\\d.]+/g).map(Number);
    const scale = text.startsWith("color(") ? 1 : 255;
    const [r, g, b] = parts.slice(0, 3).map((value) => {
      const part = value / scale;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const all = "p, th, td, button, .pill, ins, del, dt, dd, code, summary, i, label";
  const texts = [...document.querySelectorAll(all)];
  return Math.min(...texts.filter((one) => one.textContent.trim()).map((one) => {
    const [high, low] = [light(getComputedStyle(one).color), light(behind(one))].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  }));
}
"""


def test_search_words_filters_and_totals_narrow_the_list(opened):
    found = opened(Drifted(fleet_plan(200, 12)))
    page = found.page
    page.locator("#search").fill("cluster-000")
    found.says("10 of 200 shown")
    assert found.shown == 10
    page.locator("#search").fill("cluster-000 us-east")
    found.says("0 of 200 shown")
    assert page.get_by_text("No cluster matches.").is_visible()
    page.get_by_role("button", name="Clear").click()
    found.says("200 of 200 shown")
    page.get_by_role("button", name="unreachable").first.click()
    assert found.shown == 20
    page.get_by_role("button", name="unverified").first.click()
    assert found.shown == 30
    page.get_by_role("button", name="in sync").first.click()
    assert found.shown == 70
    page.locator("#account").select_option("000000000003")
    page.locator("#region").select_option("us-east-1")
    both = found.page.locator(f"{VISIBLE} td:nth-child(3)").all_inner_texts()
    assert set(both) == {"us-east-1"}
    assert found.complaints == []


@pytest.mark.parametrize(("word", "count"), [("reload-sleeps", 30), ("env=prod", 100), ("access-denied", 20)])
def test_rules_labels_and_causes_can_be_searched_for(opened, word, count):
    found = opened(Drifted(fleet_plan(200, 12)))
    found.page.locator("#search").fill(word)
    found.says(f"{count} of 200 shown")
    assert found.shown == count


def test_headings_sort_both_ways_and_numbers_by_size(opened):
    found = opened(Ran(fleet_run(200, 12)))
    heading = found.page.get_by_role("columnheader", name="Cluster")
    heading.get_by_role("button").click()
    assert found.names(3) == ["cluster-0000", "cluster-0001", "cluster-0002"]
    assert heading.get_attribute("aria-sort") == "ascending"
    heading.get_by_role("button").click()
    assert found.names(2) == ["cluster-0199", "cluster-0198"]
    found.page.get_by_role("columnheader", name="Seconds").get_by_role("button").click()
    seconds = [
        int(text) for text in found.page.locator(f"{VISIBLE} td:nth-child(6)").all_inner_texts() if text
    ]
    assert seconds == sorted(seconds)
    assert heading.get_attribute("aria-sort") == "none"


def test_a_cluster_opens_its_own_detail_and_closes_it(opened):
    found = opened(Drifted(fleet_plan(200, 12)))
    page = found.page
    page.locator("#search").fill("cluster-0001")
    found.says("1 of 200 shown")
    button = page.locator(f"{VISIBLE} th button")
    button.click()
    detail = page.locator(".detail")
    assert button.get_attribute("aria-expanded") == "true"
    assert "lameduck 5s" in detail.locator(".diff del").first.inner_text()
    assert "lameduck 20s" in detail.inner_text()
    assert "env=prod" in detail.inner_text()
    button.click()
    assert page.locator(".detail").count() == 0
    assert button.get_attribute("aria-expanded") == "false"
    assert found.complaints == []


def test_a_detail_has_the_findings_of_its_cluster_only(opened):
    found = opened(Drifted(fleet_plan(200, 12)))
    page = found.page
    for name, warned in (("cluster-0003", True), ("cluster-0004", False)):
        page.locator("#search").fill(name)
        row = page.locator(f"{VISIBLE} th button")
        expect(row).to_have_text([name])
        row.click()
        assert ("reload-sleeps" in page.locator(".detail").inner_text()) is warned
    assert page.locator(".detail .only").count() == 0


def test_a_place_of_the_map_lists_its_clusters(opened):
    found = opened(Drifted(fleet_plan(200, 12)))
    cell = found.page.locator(".cell").first
    said = cell.get_attribute("aria-label") or ""
    cell.click()
    assert found.page.locator("#account").input_value() == "000000000000"
    total = sum(int(part.split()[0]) for part in said.partition(": ")[2].split(", "))
    assert found.shown == total
    assert found.page.evaluate("document.activeElement.id") == "clusters"
    cell.click()
    assert found.shown == 200


def test_everything_can_be_done_by_keyboard(opened):
    found = opened(Drifted(fleet_plan(200, 12)))
    page = found.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator(".cell").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    second = page.locator(".map tbody tr").nth(1).locator(".cell").nth(1)
    assert page.evaluate("document.activeElement.ariaLabel") == second.get_attribute("aria-label")
    assert page.locator(".cell[tabindex='0']").count() == 1
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert 0 < found.shown < 20
    page.locator(f"{VISIBLE} th button").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".detail").count() == 1
    page.keyboard.press("Space")
    assert page.locator(".detail").count() == 0
    page.get_by_role("columnheader", name="Cluster").get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("columnheader", name="Cluster").get_attribute("aria-sort") == "ascending"
    assert found.complaints == []


def test_a_link_to_a_group_opens_it(opened):
    found = opened(Drifted(fleet_plan(200, 12)))
    group = found.page.locator("#group-1")
    assert group.get_attribute("open") is None
    found.page.locator(f"{VISIBLE} a[href='#group-1']").first.click()
    expect(group).to_have_attribute("open", "")


def test_screen_readers_find_landmarks_names_and_counts(opened):
    page = opened(Drifted(fleet_plan(200, 12))).page
    for role in ("banner", "main", "search", "status"):
        assert page.get_by_role(role).count() == 1, role
    assert page.get_by_role("heading", level=1).inner_text() == "Drift"
    assert page.get_by_role("region", name="Accounts by regions").count() >= 1
    buttons = page.get_by_role("group", name="Show only").get_by_role("button").all_inner_texts()
    labels = ["120 drifted", "0 unhealthy", "10 unverified", "20 unreachable", "10 skipped", "40 in sync"]
    assert [" ".join(one.split()) for one in buttons] == labels
    unnamed = page.evaluate(
        "() => [...document.querySelectorAll('button, input, select')].filter("
        "(one) => !(one.textContent.trim() || one.ariaLabel || one.labels?.length)).length"
    )
    assert unnamed == 0


@pytest.mark.parametrize("report", [Planned(hostile_plan()), Ran(hostile_run())], ids=["plan", "run"])
def test_hostile_text_does_not_run(opened, report):
    found = opened(report)
    page = found.page
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for button in page.locator(f"{VISIBLE} th button").all():
        button.click()
    page.locator("#search").fill("</script>")
    found.says(re.compile(r"\d of 21 shown"))
    assert page.locator("img, iframe, object, embed, b:has(b)").count() == 0
    assert page.locator("script").count() == 2
    assert found.complaints == []


def test_the_policy_stops_a_script_that_got_in(opened):
    found = opened(Drifted(fleet_plan(3)))
    found.page.evaluate(
        """() => {
          const made = document.createElement("img");
          made.setAttribute("onerror", "window.entered = 1");
          made.src = "x.png";
          document.body.append(made);
        }"""
    )
    found.page.wait_for_timeout(200)
    assert found.page.evaluate("window.entered") is None
    assert any("Content Security Policy" in complaint for complaint in found.complaints)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "report",
    [
        Planned(Plan((), NOW, "")),
        Drifted(fleet_plan(3)),
        Drifted(unreachable_plan(60)),
        Ran(fleet_run(200, 12)),
        Ran(replace(fleet_run(20), waves=WAVES, reason="the wave canary waits for an approval")),
        Listed(tuple(observed(n) for n in range(20)), NOW),
    ],
    ids=["empty", "three", "unreachable", "run", "waves", "status"],
)
def test_it_fits_the_screen_and_can_be_read_in_every_light(opened, report, width, scheme):
    page = opened(report, width=width, color_scheme=scheme).page
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRAST) >= 4.5  # WCAG 2.2, 1.4.3


def test_on_paper_every_group_is_open_and_no_control_is_left(opened):
    page = opened(Drifted(fleet_plan(200, 12))).page
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible()
    assert page.locator(".diff").first.is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.scroll')).maxHeight") == "none"
    assert len(page.pdf(format="A4")) > 10_000


@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (1220, "screen"), (718, "print")])
@pytest.mark.parametrize(
    "report",
    [Drifted(fleet_plan(20)), Ran(fleet_run(20)), Listed(tuple(observed(n) for n in range(20)), NOW)],
    ids=["drift", "run", "status"],
)
def test_headings_of_the_list_do_not_overlap_on_desks_and_on_paper(opened, report, width, media):
    page = opened(report, width=width).page
    page.emulate_media(media=media)
    wide = page.evaluate(
        "() => [...document.querySelectorAll('#table thead button')]"
        ".filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"
    )
    assert wide == []
    assert page.locator("#table thead th").last.bounding_box() is not None


def test_without_scripts_everything_can_still_be_read(opened):
    page = opened(Drifted(fleet_plan(200, 12)), wait=False, java_script_enabled=False).page
    assert page.locator(f"{VISIBLE} th").last.is_visible()
    assert page.locator("details").first.is_visible()
