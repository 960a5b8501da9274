"""Generated plans: every case of every field, whether or not a planner would make it."""

from hypothesis import strategies as st

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.diagnostic import Diagnostic, Location, Severity
from eksaddon.domain.live import Fate, Fates, LiveField
from eksaddon.domain.plan import Action, AddonWrite, Change, ClusterPlan, Plan, Plane, WorkloadWrite
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.domain.workload import Owner

texts = st.text(max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | texts,
    lambda below: st.lists(below, max_size=2) | st.dictionaries(texts, below, max_size=2),
    max_leaves=4,
)
locations = st.builds(Location, texts, st.integers(0, 9), st.integers(0, 9))
changes = st.builds(Change, st.sampled_from(Plane), texts, values, values, texts, st.none() | locations)
diagnostics = st.builds(Diagnostic, st.sampled_from(Severity), texts, texts, texts, st.none() | locations)
writes = st.builds(AddonWrite, st.none() | texts, texts, st.sampled_from(ResolveConflicts), texts)
workloads = st.builds(
    WorkloadWrite,
    st.none() | st.integers(0, 99),
    st.none() | st.integers(0, 99),
    st.tuples(st.integers(0, 99), st.integers(0, 99)),
    st.booleans(),
    st.booleans(),
)
owners = st.none() | st.builds(Owner, texts, texts, st.integers(0, 2 * 10**9).map(float))
fates = st.builds(Fates, st.sampled_from(Fate), st.sampled_from(Fate), st.sampled_from(Fate))
shown = st.none() | st.integers(-9, 9) | texts
live = st.builds(LiveField, texts, shown, shown, shown, owners, fates, st.booleans(), st.booleans())


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Targets are distinct."""
    names = draw(st.lists(st.text("abc", min_size=1, max_size=4), max_size=4, unique=True))
    return Plan(tuple(draw(_clusters(name)) for name in names), draw(st.floats(0, 2e9)), draw(texts))


def _clusters(name: str) -> st.SearchStrategy[ClusterPlan]:
    return st.builds(
        ClusterPlan,
        target=st.just(Target(ClusterRef("111122223333", "eu-west-1", name), "shop", (("env", "dev"),))),
        action=st.sampled_from(Action),
        reason=texts,
        version=texts,
        changes=st.lists(changes, max_size=2).map(tuple),
        diagnostics=st.lists(diagnostics, max_size=1).map(tuple),
        fingerprint=texts,
        write=st.none() | writes,
        trouble=st.none() | st.builds(Trouble, st.sampled_from(Cause), texts),
        workload=st.none() | workloads,
        kept=st.none() | workloads,
        live=st.lists(live, max_size=1).map(tuple),
        order=st.lists(st.sampled_from(Plane), max_size=2).map(tuple),
    )
