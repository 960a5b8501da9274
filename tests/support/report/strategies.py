"""Sheets of every kind with text of every sort, for properties that all reports have."""

from hypothesis import strategies as st

from eksaddon.domain.audit.verdict import SEVERITIES, Grade, Level, Reason, Source
from eksaddon.domain.cause import Cause
from eksaddon.domain.diagnostic import Diagnostic, Location, Severity
from eksaddon.domain.last_update import LastUpdate
from eksaddon.domain.live import Fate, Fates, LiveField
from eksaddon.domain.plan import Change, Plane
from eksaddon.domain.run.result import RunState
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import Owner
from eksaddon.report.model.model import NOTHING_HELD, Entry, Held, ReportModel
from eksaddon.report.model.states import STATES, Kind
from tests.support.report.reports import HOSTILE

TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12))
NUMBER = st.integers(0, 10**6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
LOCATIONS = st.none() | st.builds(Location, TEXT, NUMBER, NUMBER)
CHANGES = st.builds(Change, st.sampled_from(Plane), TEXT, JSON, JSON, TEXT, LOCATIONS)
DIAGNOSTICS = st.builds(Diagnostic, st.sampled_from(Severity), TEXT, TEXT, TEXT, LOCATIONS)
SOURCES = st.builds(Source, TEXT, TEXT | st.just("https://example.com/x"))
REASONS = st.builds(
    lambda level, rule, summary, fix, sources: Reason(
        SEVERITIES[level], rule, summary, fix, level=level, sources=sources
    ),
    st.sampled_from(Level),
    TEXT,
    TEXT,
    TEXT,
    st.lists(SOURCES, min_size=1, max_size=2).map(tuple),
)
REFS = st.builds(
    ClusterRef, st.sampled_from(["000000000001", "000000000002"]), st.sampled_from(["eu-west-1", "*"]), TEXT
)
OWNERS = st.none() | st.builds(Owner, TEXT, TEXT, st.integers(0, 2 * 10**9).map(float))
FATES = st.builds(Fates, st.sampled_from(Fate), st.sampled_from(Fate), st.sampled_from(Fate))
LIVE = st.builds(LiveField, TEXT, JSON, JSON, JSON, OWNERS, FATES, st.booleans(), st.booleans())
UPDATES = st.none() | st.builds(
    LastUpdate,
    TEXT,
    st.integers(0, 2 * 10**9).map(float),
    TEXT,
    st.lists(TEXT, max_size=2).map(tuple),
    TEXT,
)
LABELS = st.lists(st.tuples(st.sampled_from("ab"), TEXT), max_size=3).map(lambda pairs: tuple(sorted(pairs)))


def entries(kind: Kind) -> st.SearchStrategy[Entry]:
    """Only with the fields that the kind has."""
    is_run, is_plan, is_audit = kind is Kind.RUN, kind is Kind.PLAN, kind is Kind.AUDIT
    held = st.builds(Held, TEXT, JSON, st.none() | NUMBER, TEXT, st.none() | NUMBER)
    return st.builds(
        Entry,
        ref=REFS,
        state=st.sampled_from([state.word for state in STATES[kind]]),
        reason=TEXT,
        account_name=TEXT,
        labels=LABELS,
        version=TEXT,
        cause=st.sampled_from(["", *Cause]),
        hint=TEXT,
        changes=st.lists(CHANGES, max_size=2).map(tuple),
        diagnostics=st.lists(REASONS if is_audit else DIAGNOSTICS, max_size=2).map(tuple),
        wave=TEXT if is_run or is_plan else st.just(""),
        fingerprint=TEXT if is_plan else st.just(""),
        update_id=TEXT if is_run else st.just(""),
        seconds=NUMBER if is_run else st.just(0),
        last_update=UPDATES if kind is Kind.DRIFT else st.none(),
        live=st.lists(LIVE, max_size=2).map(tuple) if is_plan or kind is Kind.DRIFT else st.just(()),
        held=held if kind is Kind.STATUS else st.just(NOTHING_HELD),
        grade=st.sampled_from(["", *Grade]) if is_audit else st.just(""),
        unread=st.lists(TEXT, max_size=2).map(tuple) if is_audit else st.just(()),
    )


@st.composite
def report_models(draw: st.DrawFn) -> ReportModel:
    kind = draw(st.sampled_from(Kind))
    is_run = kind is Kind.RUN
    found = draw(st.lists(entries(kind), max_size=4, unique_by=lambda entry: entry.ref))
    return ReportModel(
        kind,
        "2026-01-02T03:04:05Z",
        tuple(sorted(found, key=lambda entry: entry.ref)),
        digest=draw(TEXT) if kind in {Kind.PLAN, Kind.RUN} else "",
        run_id=draw(TEXT) if is_run else "",
        run_state=draw(st.sampled_from(RunState)).value if is_run else "",
    )
