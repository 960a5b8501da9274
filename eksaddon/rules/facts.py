"""What the rules look at: the state that a plan leads to, and what of it the plan touches."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from eksaddon.domain.basis import CorefileBase, GraceSource
from eksaddon.domain.diagnostic import Diagnostic
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.propagation import DEFAULT, Propagation


@dataclass(frozen=True, slots=True)
class Listener:
    """A `health` or `ready` endpoint as CoreDNS would open it."""

    host: str
    port: str


@dataclass(frozen=True, slots=True)
class CorefileFacts:
    """The Corefile after the plan.

    Attributes:
        lameducks: Nanoseconds for each server block that has `health`, in order.
        lameducks_before: The same before the plan.
        may_be_overridden: An import that cannot be seen may hold another lameduck.
    """

    lameducks: tuple[int, ...]
    lameducks_before: tuple[int, ...]
    health: tuple[Listener, ...]
    ready: tuple[Listener, ...]
    plugins: frozenset[str]
    may_be_overridden: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """One target as the plan would leave it.

    Attributes:
        coredns: CoreDNS version of the add-on, as (1, 11, 4); None where the add-on version is unreadable.
        build: eksbuild number.
        values: configurationValues after the plan, parsed.
        touched: Paths of `values` that the plan changes, `corefile` among them.
        corefile: None where the add-on stores none and the plan sets none.
        grace_seconds: What counts at the next termination.
        live_replicas: None where the workload plane was not checked.
        kubernetes: Version of the API server, as (1, 34); (0, 0) where it is not known.
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
    strict: bool = False
    propagation: Propagation = DEFAULT
    kubernetes: tuple[int, int] = (0, 0)

    def group(self, key: str) -> Mapping[str, Json]:
        """A nested mapping of the values; empty where it is absent or no mapping."""
        value = self.values.get(key)
        return value if isinstance(value, Mapping) else {}

    def integer(self, key: str) -> int | None:
        value = self.values.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic and the paths it is about.

    Attributes:
        paths: Where none of them is touched by the plan, an error is only a warning: the plan did not
            cause it, and must not be kept from mending something else.
    """

    diagnostic: Diagnostic
    paths: tuple[str, ...] = field(default=())


Rule = Callable[[Facts], Iterable[Finding]]
