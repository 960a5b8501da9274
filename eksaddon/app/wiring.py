"""Composes the edges; the only module that imports them."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from eksaddon.app.first_use import FirstUse
from eksaddon.app.gate import RequestGate
from eksaddon.app.local.names import Names, remember
from eksaddon.app.local.places import default_state
from eksaddon.app.local.tracing import current_trace
from eksaddon.app.runtime import SystemClock, ThreadExecutor
from eksaddon.app.session import AccessBook, Runner, Session, SessionProbes
from eksaddon.domain.probing.gate import ProbeFrom
from eksaddon.frozen import dataclass
from eksaddon.ports import Clock, Executor, RunStore
from eksaddon.ports.probes import ProbeRequest, RunningProbe

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from eksaddon.aws.connect import Aws
    from eksaddon.domain.cause import Trouble
    from eksaddon.domain.target import ClusterRef, Scope
    from eksaddon.domain.workload import NotChecked
    from eksaddon.kube.clusters import KubeWorkloads
    from eksaddon.sim.inprocess.virtual_time import VirtualClock
    from eksaddon.sim.world import World
    from eksaddon.store.bucket_url import BucketUrl

R = TypeVar("R")

PER_SCOPE = 8
"""Maximum concurrent calls in one account and region; EKS publishes no limit, and 100 are known to fail
(source: kconnect issue 751).
"""

MOST_PER_SCOPE = 16
"""As above, where few accounts and regions share the threads and none was throttled."""

WIDER = 2
"""How many clusters are read at a time for each call that may go to AWS: a read makes one call to AWS and six
to the cluster, which no other cluster's limits."""

MOST_CLUSTERS = 256
"""As many clients as are kept open; see `eksaddon/kube/clusters.py`."""


@dataclass(frozen=True, slots=True)
class Probes:
    """Lookups from here, or from inside the cluster, as the gate says."""

    kube: "KubeWorkloads"

    def start(self, request: ProbeRequest) -> "RunningProbe | NotChecked":
        from eksaddon.kube.probing.running import KubeProbes  # noqa: PLC0415  # as below
        from eksaddon.probe.live import LocalProbes  # noqa: PLC0415  # dnspython, needed here only

        api = KubeProbes(self.kube) if request.gate.source is ProbeFrom.CLUSTER else LocalProbes()
        return api.start(request)

    def clean(self, ref: "ClusterRef", namespace: str, run_id: str) -> "tuple[str, ...] | NotChecked":
        from eksaddon.kube.probing.running import KubeProbes  # noqa: PLC0415  # as below

        return KubeProbes(self.kube).clean(ref, namespace, run_id)


def open_session(book: AccessBook, *, threads: int, run: str = "", home_region: str = "") -> Session:
    """Open AWS, or the endpoint in AWS_ENDPOINT_URL.

    Args:
        threads: Maximum number of parallel AWS calls.
        run: Part of the session names in CloudTrail.
    """
    from eksaddon.aws.connect import Aws  # noqa: PLC0415  # 200 ms that --help need not pay
    from eksaddon.aws.settings import Settings  # noqa: PLC0415  # as above

    executor, clock, gate = ThreadExecutor(threads, PER_SCOPE, MOST_PER_SCOPE), SystemClock(), RequestGate()
    more_threads = min(WIDER * threads, MOST_CLUSTERS)
    cluster_executor = ThreadExecutor(more_threads, WIDER * PER_SCOPE, WIDER * MOST_PER_SCOPE)

    def throttled(scope: "Scope") -> None:
        executor.throttled(scope)
        cluster_executor.throttled(scope)

    aws = Aws(
        book.access_of,
        settings=Settings(connections=more_threads),
        home_region=home_region,
        run=run,
        gate=gate,
        trace=(trace := current_trace()),
        throttled=throttled,
    )

    def open_kube() -> "KubeWorkloads":
        from eksaddon.kube.clusters import KubeWorkloads  # noqa: PLC0415  # 100 ms that reads of EKS need not pay

        return KubeWorkloads(aws.clusters, clock.now, gate=gate, trace=trace)

    first_use = FirstUse(open_kube)
    kube = first_use.as_object()

    def leave(seconds: float) -> bool:
        gate.close()
        return gate.is_idle_within(seconds)

    def close() -> None:
        gate.close()
        executor.close()
        cluster_executor.close()
        if first_use.opened:
            first_use.opened.close()
        aws.close()

    return _session(
        aws,
        kube,
        probes=Probes(kube),
        executor=executor,
        cluster_executor=cluster_executor,
        clock=clock,
        run=_run,
        leave=leave,
        close=close,
        keep_names=lambda names, is_whole: remember(names, is_whole=is_whole),
    )


def _run(main: Coroutine[Any, Any, R], /) -> R:
    import asyncio  # noqa: PLC0415  # 10 ms that commands without a run need not pay

    return asyncio.run(main)


def open_simulation(book: AccessBook, world: "World", clock: "VirtualClock", account: str) -> Session:
    """Open the embedded EKS in this process, on virtual time, without sockets, threads and credentials.

    Args:
        account: Account id of the current credentials.
    """
    from eksaddon.aws.connect import Aws  # noqa: PLC0415  # as above
    from eksaddon.aws.sessions import Hermetic  # noqa: PLC0415  # as above
    from eksaddon.aws.settings import Settings  # noqa: PLC0415  # as above
    from eksaddon.kube.clusters import KubeWorkloads  # noqa: PLC0415  # as above
    from eksaddon.sim.api.keys import access_key_of  # noqa: PLC0415  # as above
    from eksaddon.sim.inprocess.botocore_hook import InProcess  # noqa: PLC0415  # as above
    from eksaddon.sim.inprocess.httpx_transport import InProcessKubernetes  # noqa: PLC0415  # as above
    from eksaddon.sim.inprocess.inline_executor import InlineExecutor  # noqa: PLC0415  # as above
    from eksaddon.sim.inprocess.virtual_time import run_virtually  # noqa: PLC0415  # as above
    from eksaddon.sim.probes import ScriptedProbes  # noqa: PLC0415  # as above

    aws = Aws(
        book.access_of,
        settings=Settings(mode="standard"),  # adaptive would wait in real time
        hermetic=Hermetic(access_key_of(account), "simulated"),
        transport=InProcess(world.handle, sleep=clock.advance),
        home_region="us-east-1",
        now=clock.now,
        trace=current_trace(),
    )
    kube = KubeWorkloads(
        aws.clusters,
        clock.now,
        transport=InProcessKubernetes(world.handle, sleep=clock.advance),
        sleep=clock.advance,
        trace=current_trace(),
    )

    def run(main: Coroutine[Any, Any, R], /) -> R:
        return run_virtually(main, clock)

    probes = ScriptedProbes(world, clock.now)
    return _session(
        aws, kube, probes=probes, executor=InlineExecutor(), clock=clock, run=run, close=aws.close
    )


def _session(
    aws: "Aws",
    kube: "KubeWorkloads",
    *,
    probes: SessionProbes,
    executor: Executor,
    cluster_executor: Executor | None = None,
    clock: Clock,
    run: Runner,
    leave: Callable[[float], bool] = lambda _: True,
    close: Callable[[], None],
    keep_names: Callable[[Names, bool], None] = lambda _names, _is_whole: None,
) -> Session:
    return Session(
        addons=aws.addons,
        versions=aws.versions,
        installer=aws.installer,
        workloads=kube,
        restarts=kube,
        manifests=kube,
        probes=probes,
        directory=aws.directory,
        organization=aws.organization,
        clusters=aws.addons,
        surroundings=kube,
        vpcs=aws.vpcs,
        fetch_schema=aws.addons.fetch_schema,
        region_of=aws.region_of,
        executor=executor,
        cluster_executor=cluster_executor or executor,
        clock=clock,
        release=aws.release,
        run=run,
        leave=leave,
        close=close,
        remember=keep_names,
    )


def open_run_store(state: str) -> RunStore:
    """Open the store of runs.

    Args:
        state: A folder or `s3://bucket/prefix` with settings as in docs/rollout.md; empty for the default
            folder.

    Raises:
        EksdnsError: Invalid location, or the bucket is not accessible with this machine's AWS configuration.
    """
    from eksaddon.store.opening import open_store  # noqa: PLC0415  # as above

    def s3(url: "BucketUrl") -> "S3Client":
        from eksaddon.aws.state_bucket import open_state_bucket  # noqa: PLC0415  # as above

        return open_state_bucket(
            profile=url.profile, region=url.region, endpoint=url.endpoint, trace=current_trace()
        )

    def explain(error: Exception) -> "Trouble | None":
        from eksaddon.aws.state_bucket import explained  # noqa: PLC0415  # as above

        return explained(error)

    return open_store(state or default_state(), s3, explain)


def usual_state() -> Path:
    """The default folder of recorded runs."""
    return Path(default_state())
