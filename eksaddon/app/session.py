"""The ports that one command acts through."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from eksaddon.domain.cause import Trouble
from eksaddon.domain.target import Access, Account, Scope
from eksaddon.ports import (
    AccountDirectory,
    AddonApi,
    AddonInstaller,
    Clock,
    Executor,
    ManifestReader,
    OrganizationDirectory,
    WorkloadApi,
)
from eksaddon.ports.probes import ProbeApi
from eksaddon.schema import AddonSchema

R = TypeVar("R")


class Runner(Protocol):
    """Run a coroutine to its end in this session's event loop, like asyncio.run."""

    def __call__(self, main: Coroutine[Any, Any, R], /) -> R: ...


@dataclass(frozen=True, slots=True)
class Session:
    """Made by wiring, closed by whoever opened it.

    Attributes:
        organization: The organization that the given access may look into.
        fetch_schema: As `addons.schema`, but asked anew in exactly this account and region.
        region_of: The region that the environment or a profile names; empty for none.
        run: Runs what waits, on the session's clock.
        release: Gives back what a finished account and region held.
        leave: Sends nothing any more. Takes seconds to wait for requests under way, and says whether all
            have ended.
    """

    addons: AddonApi
    installer: AddonInstaller
    workloads: WorkloadApi
    manifests: ManifestReader
    probes: ProbeApi
    directory: AccountDirectory
    organization: Callable[[Access], OrganizationDirectory]
    fetch_schema: Callable[[Scope, str], AddonSchema | Trouble]
    region_of: Callable[[Access], str]
    executor: Executor
    clock: Clock
    release: Callable[[Scope], None]
    run: Runner
    leave: Callable[[float], bool]
    close: Callable[[], None]


class AccessBook:
    """How each account is entered; filled as accounts are found, asked by the AWS edge."""

    def __init__(self) -> None:
        self._known: dict[str, Access] = {}

    def learn(self, account: Account) -> None:
        self._known[account.id] = account.access

    def known(self) -> tuple[Account, ...]:
        """Every account with its access, by id; regions and labels are left out."""
        return tuple(Account(id=one, access=self._known[one]) for one in sorted(self._known))

    def access_of(self, account: str) -> Access:
        """Raises KeyError for an account that nobody found."""
        return self._known[account]
