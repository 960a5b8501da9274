"""The input of the rules: the state after a plan, and the fields that the plan changes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field

from eksaddon.domain.basis import CorefileBase, GraceSource
from eksaddon.domain.diagnostic import Diagnostic
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.propagation import DEFAULT, Propagation
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Listener:
    """A `health` or `ready` endpoint that CoreDNS would open."""

    host: str
    port: str


@dataclass(frozen=True, slots=True)
class CorefileFacts:
    """The Corefile after the plan.

    Attributes:
        lameducks: Nanoseconds for each server block with `health`, in order.
        lameducks_before: The same before the plan.
        may_be_overridden: An import that cannot be read may set another lameduck.
    """

    lameducks: tuple[int, ...]
    lameducks_before: tuple[int, ...]
    health: tuple[Listener, ...]
    ready: tuple[Listener, ...]
    plugins: frozenset[str]
    may_be_overridden: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """One target after the plan.

    Attributes:
        coredns: CoreDNS version of the add-on, such as (1, 11, 4); None for an unknown version format.
        build: eksbuild number.
        values: configurationValues after the plan, parsed.
        touched: Paths of `values` that the plan changes, including `corefile`.
        corefile: None if neither the add-on nor the plan sets one.
        grace_seconds: Effective at the next termination.
        live_replicas: None if the workload plane was not read.
        kubernetes: Version of the API server, such as (1, 34); (0, 0) if unknown.
    """

    version: str
    coredns: tuple[int, int, int] | None
    build: int
    values: JsonObject
    touched: frozenset[str]
    corefile: CorefileFacts | None
    base: CorefileBase
    grace_seconds: int
    grace_source: GraceSource
    pre_stop_seconds: int
    live_replicas: int | None = None
    propagation: Propagation = DEFAULT
    kubernetes: tuple[int, int] = (0, 0)

    def group(self, key: str) -> Mapping[str, Json]:
        """A nested mapping of the values; empty if absent or not a mapping."""
        value = self.values.get(key)
        return value if isinstance(value, Mapping) else {}

    def integer(self, key: str) -> int | None:
        value = self.values.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic and its paths.

    Attributes:
        paths: If the plan changes none of them, an error becomes a warning: the plan did not cause it and
            must not be prevented from fixing something else.
    """

    diagnostic: Diagnostic
    paths: tuple[str, ...] = field(default=())


Rule = Callable[[Facts], Iterable[Finding]]
