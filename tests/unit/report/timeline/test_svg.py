import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.termination import SECOND, Measured, TerminationSettings, timeline
from eksaddon.report.timeline.svg import WIDTH, svg
from tests.support.examples import examples

SVG = "{http://www.w3.org/2000/svg}"

settings = st.builds(
    TerminationSettings,
    pre_stop_seconds=st.integers(0, 90),
    lameducks_ns=st.lists(st.integers(-SECOND, 90 * SECOND), max_size=12).map(tuple),
    grace_seconds=st.integers(0, 3600),
)


few = examples(40)


def picture(one: TerminationSettings, measured: Measured | None = None) -> ET.Element:
    return ET.fromstring(svg(timeline(one), measured=measured))


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


@few
@given(settings)
def test_nothing_is_outside_of_the_picture(one: TerminationSettings) -> None:
    root = picture(one)
    height = float(root.attrib["height"])
    for shape in root.iter(f"{SVG}rect"):
        left, wide = float(shape.get("x", 0)), float(shape.attrib["width"])
        assert 0 <= left <= left + wide <= WIDTH
        assert float(shape.get("y", 0)) + float(shape.attrib["height"]) <= height
    for text in root.iter(f"{SVG}text"):
        assert 0 < float(text.attrib["x"]) < WIDTH
        assert 0 < float(text.attrib["y"]) < height


@few
@given(settings)
def test_hatched_parts_are_just_what_is_cut(one: TerminationSettings) -> None:
    cut = [shape for shape in picture(one).iter(f"{SVG}rect") if shape.get("class") == "cut"]
    assert bool(cut) == bool(timeline(one).cut_ns)


def test_signals_history_and_remedy_are_in_the_picture() -> None:
    shown = texts(picture(TerminationSettings(5, (30 * SECOND,), 30)))
    assert {"SIGTERM", "SIGKILL", "30 s, 5 s cut"} <= set(shown)
    assert "CUT: CoreDNS answers for 30 s; SIGKILL cuts off 5 s of lameduck" in shown
    assert "fix: raise the grace period to 45s (preStop 5 + lameduck 30 + margin 10)" in shown


def test_without_a_sigterm_only_the_kill_is_named() -> None:
    assert "SIGTERM" not in texts(picture(TerminationSettings(5, (30 * SECOND,), 0)))


def test_signals_close_together_are_named_to_both_sides() -> None:
    root = picture(TerminationSettings(15, (30 * SECOND, 10 * SECOND), 10))
    anchors = {text.text: text.get("text-anchor") for text in root.iter(f"{SVG}text")}
    assert (anchors["SIGTERM"], anchors["SIGKILL"]) == ("end", "start")


def test_measurements_are_in_the_picture() -> None:
    one = TerminationSettings(0, (30 * SECOND,), 30)
    shown = texts(picture(one, Measured(one, 1, 29.9, 30.0, killed=True, queries=351, lost_early=0)))
    assert "29.9 s" in shown
    assert any(text.startswith("measured: answered for 29.9 s") for text in shown)


def test_the_picture_needs_nothing_from_elsewhere_and_runs_nothing() -> None:
    text = svg(timeline(TerminationSettings(5, (30 * SECOND,), 30)))
    assert "prefers-color-scheme: dark" in text
    assert not {"script", "image", "href", "@import"} & set(text.replace("<", " ").split())
