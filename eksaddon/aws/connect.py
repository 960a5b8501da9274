"""All of one process's ways into AWS, put together."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from eksaddon.aws.accounts import Accounts
from eksaddon.aws.clients import ClientFactory, EksClients
from eksaddon.aws.credentials import session_name
from eksaddon.aws.directory import Directory
from eksaddon.aws.eks import EksAddons
from eksaddon.aws.http import HttpPool, Transport
from eksaddon.aws.installer import EksInstaller
from eksaddon.aws.kubernetes import EksReach
from eksaddon.aws.organization import Organization
from eksaddon.aws.sessions import Hermetic, Sessions
from eksaddon.aws.settings import Settings
from eksaddon.aws.trust import TrustReader
from eksaddon.domain.cause import Trouble
from eksaddon.domain.target import Access, CurrentCredentials, Scope
from eksaddon.ports import Gate

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials
    from mypy_boto3_eks import EKSClient

    from eksaddon.aws.calls import Line


class Aws:
    """One for the process: one pool, one loader, one client for each account and region.

    Args:
        access_of: How an account is entered, by its id; asked when the account is first called.
        settings: None for the usual ones.
        home_region: Where AssumeRole and the like are sent; empty for the SDK's own region.
        run: Shown by CloudTrail in the names of the sessions, as `eksdns-<run>`.
        hermetic: Fixed credentials, for which nothing of the machine's AWS configuration is read.
        transport: Carries all requests instead of the network.
        now: Seconds since the epoch, by which keys expire.
        gate: Passed by every request; None where nothing is refused.

    Raises:
        EksdnsError: An endpoint URL of the user can never be called.
    """

    def __init__(
        self,
        access_of: Callable[[str], Access],
        *,
        settings: Settings | None = None,
        home_region: str = "",
        run: str = "",
        hermetic: Hermetic | None = None,
        transport: Transport | None = None,
        now: Callable[[], float] = time.time,
        gate: Gate | None = None,
    ) -> None:
        settings = settings or Settings()
        sessions = Sessions(hermetic, home_region)
        sessions.check_endpoints()
        self._pool = HttpPool(settings, gate)
        self._access_of = access_of
        factory = ClientFactory(sessions, settings, self._pool, transport)
        self._accounts = Accounts(sessions, factory, session_name=session_name(run), now=now)
        self._eks = EksClients(self._connect)
        self.addons = EksAddons(self._eks)
        self.installer = EksInstaller(self._eks)
        self.clusters = EksReach(self._eks, self.keys, now)
        self.directory = Directory(self._accounts, access_of)

    def organization(self, access: Access | None = None) -> Organization:
        """The organization of the given credentials, or of the current ones."""
        return Organization(self._accounts, access or CurrentCredentials())

    def trust(self) -> TrustReader:
        """What IAM of the current credentials' account says about tokens of GitHub."""
        return TrustReader(self._accounts, CurrentCredentials())

    def region_of(self, access: Access) -> str:
        """The region that the environment or a profile names; empty for none, and for no such profile."""
        return self._accounts.region_of(access)

    def keys(self, account: str) -> "ReadOnlyCredentials | Trouble":
        """Keys of an account in force now, to sign a Kubernetes token with."""
        return self._accounts.keys(self._access_of(account))

    def release(self, scope: Scope) -> None:
        """Give back the memory of an account and region whose work is done."""
        self._eks.release(scope)

    def close(self) -> None:
        """Close the idle connections."""
        self._pool.close()

    def _connect(self, scope: Scope) -> "Line[EKSClient] | Trouble":
        return self._accounts.open("eks", self._access_of(scope.account), region=scope.region)
