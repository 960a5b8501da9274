import json

from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.termination import SECOND, Measured, TerminationSettings, timeline
from eksaddon.report.timeline.document import document


def test_the_document_is_the_timeline_in_whole_milliseconds() -> None:
    one = TerminationSettings(5, (30 * SECOND, -SECOND), 30)
    told = document(
        timeline(one), measured=Measured(one, 1, 29.91, 30.0, killed=True, queries=351, lost_early=0)
    )
    assert told == {
        "schemaVersion": 2,
        "kind": "timeline",
        "settings": {
            "preStopSeconds": 5,
            "lameduckMilliseconds": [30_000, -1000],
            "terminationGracePeriodSeconds": 30,
            "marginSeconds": 10,
            "propagationMilliseconds": 0,
        },
        "verdict": "cut",
        "summary": "CoreDNS answers for 30 s; SIGKILL cuts off 5 s of lameduck",
        "answersMilliseconds": 30_000,
        "cutMilliseconds": 5000,
        "killMilliseconds": 30_000,
        "killed": True,
        "phases": [
            {
                "phase": "preStop",
                "block": None,
                "beginsMilliseconds": 0,
                "endsMilliseconds": 5000,
                "plannedMilliseconds": 5000,
                "cutMilliseconds": 0,
            },
            {
                "phase": "lameduck",
                "block": 1,
                "beginsMilliseconds": 5000,
                "endsMilliseconds": 30_000,
                "plannedMilliseconds": 30_000,
                "cutMilliseconds": 5000,
            },
        ],
        "events": [
            {"atMilliseconds": 0, "event": "deleted", "block": None},
            {"atMilliseconds": 0, "event": "preStop", "block": None},
            {"atMilliseconds": 5000, "event": "SIGTERM", "block": None},
            {"atMilliseconds": 5000, "event": "ready closed", "block": None},
            {"atMilliseconds": 5000, "event": "lameduck", "block": 1},
            {"atMilliseconds": 30_000, "event": "SIGKILL", "block": None},
        ],
        "suggestion": {
            "terminationGracePeriodSeconds": 45,
            "lameduckSeconds": 15,
            "ways": [
                "raise the grace period to 45s (preStop 5 + lameduck 30 + margin 10)",
                "lower lameduck to 15s and keep the grace period at 30s",
            ],
        },
        "recommended": None,
        "measured": {
            "answersMilliseconds": 29_910,
            "exitMilliseconds": 30_000,
            "killed": True,
            "queries": 351,
            "lostEarly": 0,
            "scale": 1,
            "agrees": True,
        },
    }


@given(st.integers(0, 60), st.integers(0, 60 * SECOND), st.integers(0, 60))
def test_there_is_no_fraction_and_a_loss_never_rounds_to_none(
    pre_stop: int, lameduck: int, grace: int
) -> None:
    line = timeline(TerminationSettings(pre_stop, (lameduck,), grace))
    told = document(line)
    assert "." not in json.dumps({key: value for key, value in told.items() if key.endswith("Milliseconds")})
    assert (told["cutMilliseconds"] == 0) == (line.cut_ns == 0)
    assert (told["suggestion"] is None) == (line.verdict == "fits")


def test_the_recommendation_comes_with_its_sum() -> None:
    told = document(timeline(TerminationSettings(0, (5 * SECOND,), 30, propagation_ns=10 * SECOND)))
    assert told["verdict"] == "too-short"
    assert told["recommended"] == {
        "preStopSeconds": 5,
        "lameduckSeconds": 20,
        "terminationGracePeriodSeconds": 45,
        "sum": "lameduck = 2 x 10 s of propagation, grace = 5 + 20 + 20 s to shut down",
    }
