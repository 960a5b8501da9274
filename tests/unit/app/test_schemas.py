"""Every document that eksdns prints is valid by its published schema, and reads back as it was written."""

import json
from collections.abc import Mapping
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from eksaddon.app.doctor.report import document as doctor_document
from eksaddon.app.schemas import DOCUMENTS, document_schema
from eksaddon.corefile.lint.linter import lint
from eksaddon.corefile.syntax.parser import parse
from eksaddon.domain.access.checkup import Check, CheckState, Checkup, Piece
from eksaddon.domain.document import Version, as_json, kind_of
from eksaddon.domain.encoding.codec import Form, decode
from eksaddon.domain.json import SCHEMA_VERSION, JsonObject
from eksaddon.domain.probing.figures import Loss
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.termination import SECOND, Measured, TerminationSettings, timeline
from eksaddon.probe.ask import Question
from eksaddon.probe.check import Probe
from eksaddon.probe.document import document as probe_document
from eksaddon.probe.samples import NoReply, Reply, Sample
from eksaddon.probe.totals import Totals, totals
from eksaddon.probe.verdict import Fail, Inconclusive, Pass
from eksaddon.report.documents.corefile import corefile_document
from eksaddon.report.documents.corefile_lint import lint_document
from eksaddon.report.documents.history import (
    ClusterHistoryDocument,
    EventEntry,
    HistoryDocument,
    RunEntry,
    RunHistoryDocument,
)
from eksaddon.report.timeline.document import document as timeline_document
from tests.support.report.strategies import TEXT

COREFILES = (
    "",
    ".:53 {\n    errors\n    health {\n        lameduck 5s\n    }\n    ready\n}\n",
    "a {\n health\n}\nb {\n health {\n lameduck 1500ms\n }\n}\n",
    ".:53 {\n    import nowhere/*.conf\n    forward . /etc/resolv.conf\n}\n",
    ".:53 {\n    health {\n        lameduck x\n    }\n}\n",
    ".:53 {\n",
    "\x1b[31m {\n nosuch\n}\n",
)
SAMPLES = (Sample(0.0, 0.01, Reply("NOERROR")), Sample(0.1, 1.0, NoReply(Loss.TIMEOUT)))


def check(told: JsonObject) -> None:
    """Closed, so that a key which the schema does not know is an error too."""
    kind = str(told["kind"])
    text = json.dumps(told)
    Draft202012Validator(closed(document_schema(kind))).validate(json.loads(text))
    read: object = decode(DOCUMENTS[kind], json.loads(text), form=Form.DOCUMENT)
    assert json.dumps(as_json(read)) == text


def closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    return {"additionalProperties": False, **inner} if "properties" in schema else inner


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_published_schema_allows_new_keys(kind: str) -> None:
    schema = document_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert schema["title"] == f"eksdns {kind}, schemaVersion {SCHEMA_VERSION}"
    assert "additionalProperties" not in schema


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_document_begins_with_its_version_and_kind(document: type) -> None:
    assert list(document.__annotations__)[:2] == ["schema_version", "kind"]
    assert document.__annotations__["schema_version"] == Version
    assert get_args(Version) == (SCHEMA_VERSION,)
    assert DOCUMENTS[kind_of(document)] is document


@pytest.mark.parametrize("text", COREFILES)
def test_what_corefile_show_and_lint_print(text: str) -> None:
    check(corefile_document(parse(text), "Corefile"))
    check(lint_document("Corefile", tuple(lint(text))))


@given(
    st.integers(0, 60),
    st.lists(st.integers(-SECOND, 60 * SECOND), max_size=3).map(tuple),
    st.integers(0, 60),
)
def test_what_timeline_prints(pre_stop: int, lameducks: tuple[int, ...], grace: int) -> None:
    settings = TerminationSettings(pre_stop, lameducks, grace)
    check(timeline_document(timeline(settings)))
    measured = Measured(settings, 1, 2.5, 3.0, killed=False, queries=9, lost_early=1)
    check(timeline_document(timeline(settings), measured=measured))


@pytest.mark.parametrize(
    "verdict", [Pass(totals(SAMPLES[:1])), Fail(totals(SAMPLES), ("lost",)), Inconclusive(Totals(), ("few",))]
)
def test_what_probe_prints(verdict: Pass | Fail | Inconclusive) -> None:
    told = probe_document(Probe(Question("127.0.0.1")), verdict)
    assert told["type"] == "A"
    check(told)


@given(
    st.lists(
        st.builds(Check, st.sampled_from(Piece), st.sampled_from(CheckState), TEXT, TEXT, TEXT), max_size=3
    ),
    TEXT,
)
def test_what_doctor_prints(checks: list[Check], name: str) -> None:
    check(doctor_document((Checkup(ClusterRef("1", "*", "*"), tuple(checks), name),)))


@given(TEXT, st.dictionaries(TEXT, st.integers(0, 9), max_size=3))
def test_what_history_prints(text: str, counts: dict[str, int]) -> None:
    event = EventEntry("2026-01-02T03:04:05Z", text, text, text)
    check(as_json(HistoryDocument(2, "history", (RunEntry("r", "paused", "", counts, text),))))
    check(as_json(RunHistoryDocument(2, "runHistory", (event,))))
    check(as_json(ClusterHistoryDocument(2, "clusterHistory", (event,))))


@pytest.mark.parametrize(
    ("about", "name", "label"),
    [
        ("111122223333/r/c", "prod", "prod/r/c"),
        ("111122223333/r/c", "", "111122223333/r/c"),
        ("wave a", "", "wave a"),
    ],
)
def test_people_read_the_account_by_its_name_and_programs_by_its_id(
    about: str, name: str, label: str
) -> None:
    entry = EventEntry("", about, "changed", "", name)
    assert entry.label == label
    told = as_json(entry)
    assert (told["about"], told.get("accountName", "")) == (about, name)
