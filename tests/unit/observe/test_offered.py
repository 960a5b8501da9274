"""Reading the versions that EKS offers: only where they decide, and every failure stays with its cluster."""

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.observed import Managed, NotInstalled
from eksaddon.domain.target import ClusterRef, Scope, Target
from eksaddon.domain.versions.desired import DefaultVersion, ExactVersion
from eksaddon.domain.versions.offered import Offered, VersionList
from eksaddon.observe.offered import offered_versions
from eksaddon.observe.snapshot import Observation
from eksaddon.sim.inprocess.inline_executor import InlineExecutor

V1 = "v1.11.4-eksbuild.28"
DENIED = Trouble(Cause.DENIED, "no")


class Directory:
    """Kubernetes versions by cluster, and lists by Kubernetes version."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def kubernetes(self, ref: ClusterRef) -> str | Trouble:
        self.calls.append(f"cluster {ref.name}")
        return {"a": "1.34", "b": "1.99", "c": "1.0"}.get(ref.name, DENIED)

    def offered(self, scope: Scope, kubernetes: str) -> VersionList | Trouble:
        assert scope == Scope("1", "eu")
        self.calls.append(f"list {kubernetes}")
        return DENIED if kubernetes in {"1.99", "1.33"} else VersionList(kubernetes, (V1,), V1)


def observation(name: str) -> Observation:
    ref = ClusterRef("1", "eu", name)
    return Observation(Target(ref), Managed(ref, V1, "ACTIVE", None))


def test_each_cluster_has_its_list_or_the_reason_why_not() -> None:
    rows = [observation(name) for name in "abcd"]
    rows.append(Observation(Target(ClusterRef("1", "eu", "e")), NotInstalled(ClusterRef("1", "eu", "e"))))
    found = offered_versions(
        rows, lambda _: DesiredState(version=DefaultVersion()), Directory(), InlineExecutor()
    )
    by_name = {ref.name: seen for ref, seen in found.items()}
    assert by_name == {
        "a": Offered(VersionList("1.34", (V1,), V1), DENIED),
        "b": DENIED,
        "c": Offered(VersionList("1.0", (V1,), V1), VersionList("")),
        "d": DENIED,
    }


def test_nothing_is_read_for_a_cluster_that_has_the_version() -> None:
    directory = Directory()
    found = offered_versions(
        [observation("a")], lambda _: DesiredState(version=ExactVersion(V1)), directory, InlineExecutor()
    )
    assert (dict(found), directory.calls) == ({}, [])


def test_another_kubernetes_version_can_be_asked_for() -> None:
    directory = Directory()
    offered_versions(
        [observation("a")],
        lambda _: DesiredState(version=DefaultVersion()),
        directory,
        InlineExecutor(),
        kubernetes="1.36",
    )
    assert directory.calls == ["list 1.36", "list 1.35"]
