"""`status` at every width: nothing is cut, and no line is wider than the terminal."""

import json

import pytest

from eksaddon.domain.observed import AutoMode, HealthIssue, Managed, NotActive, NotInstalled, Observed
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.domain.workload import Budget, Workload
from eksaddon.report.formats.table import table
from eksaddon.report.model.options import NARROWEST, RenderOptions
from eksaddon.report.model.status import Row, row, status_model
from eksaddon.report.model.text import seconds_text

VERSION = "v1.11.4-eksbuild.51"
NAMES = ("shop", "a-cluster-with-a-name-of-about-fifty-characters-x-1", "x" * 100, "till")


def corefile(lameduck: str) -> str:
    return f".:53 {{\n    health {{\n        lameduck {lameduck}\n    }}\n}}\n"


def managed(name: str, replicas: int, lameduck: str, status: str = "ACTIVE") -> Observed:
    ref = ClusterRef("111122223333", "us-gov-west-1" if name == "till" else "eu-west-1", name)
    text = json.dumps({"replicaCount": replicas, "corefile": corefile(lameduck)})
    return Managed(ref, VERSION, status, text, (HealthIssue("Conflict", "x"),) * (status != "ACTIVE"))


GONE = ClusterRef("444455556666", "ap-southeast-2", "gone")
FOUND: tuple[Observed, ...] = (
    managed("shop", 12, "25s"),
    managed(NAMES[1], 1000, "1h30m", "UPDATE_FAILED"),
    managed(NAMES[2], 3, "500ms"),
    managed("till", 7, "1234567ms", "CREATE_FAILED"),
    NotInstalled(GONE),
    AutoMode(GONE),
    NotActive(GONE, "CREATING"),
)
ROWS: tuple[Row, ...] = tuple(row(Target(each.ref, "payments-prod"), each) for each in FOUND)


def inventory(width: int, rows: tuple[Row, ...] = ROWS) -> list[str]:
    text = table(status_model(rows, "2026-01-02T03:04:05Z"), RenderOptions(width=width))
    return text.partition("\n\n")[0].splitlines()


@pytest.mark.parametrize("width", [1, 40, 50, 60, 70, 75, 77, 78, 79, 80, 81, 90, 100, 120, 160, 200])
def test_no_value_is_cut_at_any_width(width: int) -> None:
    lines = inventory(width)
    words = " ".join(lines).split()
    for value in ("12", "1000", "3", "7", "25s", "5400s", "0.5s", "1234.567s"):
        assert words.count(value) == 1, (width, value)
    assert words.count(VERSION) == 4
    for value in ("ACTIVE", "UPDATE_FAILED", "CREATE_FAILED", "not installed", "Auto Mode", "CREATING"):
        assert any(value in line for line in lines), (width, value)
    assert max(map(len, lines)) <= max(width, NARROWEST)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_every_name_and_place_is_there_whole(width: int) -> None:
    lines = inventory(width)
    heads = "".join(line[: line.find("  v1.") if "  v1." in line else None] for line in lines)
    folded = heads.replace(" ", "")
    assert all(name in folded for name in NAMES)
    assert all(f"payments-prod/{place}" in folded for place in ("eu-west-1", "us-gov-west-1"))


LAYOUTS = {
    200: ["payments-prod/eu-west-1/shop  v1.11.4-eksbuild.51  ACTIVE        12       25s"],
    70: [
        "payments-prod/eu-west-1",
        "  shop            v1.11.4-eksbuild.51  ACTIVE        12       25s",
    ],
    60: ["payments-prod/eu-west-1", "  shop", "    v1.11.4-eksbuild.51  ACTIVE  replicas 12  lameduck 25s"],
    40: [
        "payments-prod/eu-west-1",
        "  shop",
        "    v1.11.4-eksbuild.51",
        "    ACTIVE",
        "    replicas 12",
        "    lameduck 25s",
    ],
}


@pytest.mark.parametrize(("width", "expected"), LAYOUTS.items())
def test_places_become_headings_and_rows_become_blocks_in_narrower_terminals(
    width: int, expected: list[str]
) -> None:
    found = [line for line in inventory(width, ROWS[:1]) if not line.startswith("cluster ")]
    assert found == expected


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (25, "25s"),
        (12.5, "12.5s"),
        (1234.567, "1234.567s"),
        (1e6, "1000000s"),
        (1e-9, "0.000000001s"),
    ],
)
def test_seconds_are_shown_with_every_digit(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text


LIVE_ROWS = (
    row(
        Target(FOUND[0].ref, "payments-prod"),
        FOUND[0],
        Workload(12, 45, 5, corefile("20s"), budgets=(Budget("coredns", max_unavailable="1"),)),
    ),
    row(Target(GONE, "payments-prod"), NotInstalled(GONE)),
)


@pytest.mark.parametrize("width", [1, 40, 60, 80, 100, 120, 160, 200])
def test_protection_is_shown_whole_at_any_width_if_live_objects_were_read(width: int) -> None:
    lines = inventory(width, LIVE_ROWS)
    words = " ".join(lines).split()
    for value in ("12", "20s", "5s", "45s", "none", "fits"):
        assert words.count(value) == 1, (width, value)
    assert "max 1" in " ".join(words)
    assert max(map(len, lines)) <= max(width, NARROWEST)


def test_protection_has_its_columns_only_if_live_objects_were_read() -> None:
    head = "cluster version status replicas lameduck"
    assert inventory(200, ROWS[:1])[0].split() == head.split()
    assert inventory(200, LIVE_ROWS)[0].split() == f"{head} preStop grace budget spread verdict".split()
