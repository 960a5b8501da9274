"""Composes the AWS edge of a process."""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from eksaddon.aws.accounts import Accounts
from eksaddon.aws.clients import ClientFactory, EksClients
from eksaddon.aws.clusters.described import DescribedClusters
from eksaddon.aws.clusters.kubernetes import EksReach
from eksaddon.aws.credentials import session_name
from eksaddon.aws.directory import Directory
from eksaddon.aws.eks import EksAddons
from eksaddon.aws.installer import EksInstaller
from eksaddon.aws.network.http import HttpPool, Transport
from eksaddon.aws.network.throttling import report_throttling
from eksaddon.aws.sessions import Hermetic, Sessions
from eksaddon.aws.settings import Settings
from eksaddon.aws.versions.offered import EksVersions
from eksaddon.aws.vpc.reader import Vpcs
from eksaddon.domain.cause import Trouble
from eksaddon.domain.target import Access, CurrentCredentials, Scope
from eksaddon.ports import Gate
from eksaddon.ports.trace import Trace

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials
    from mypy_boto3_eks import EKSClient

    from eksaddon.aws.calls import Line
    from eksaddon.aws.organization import Organization
    from eksaddon.aws.trust import TrustReader


class Aws:
    """The AWS edge: one pool, one loader, and one client for each account and region.

    Args:
        access_of: Credentials of an account by its id; called before the account's first request.
        settings: None for the defaults.
        home_region: Region of global calls such as AssumeRole; empty for the SDK's region.
        run: Part of the session names that CloudTrail shows, as `eksdns-<run>`.
        hermetic: Fixed credentials; the machine's AWS configuration is not read.
        transport: Sends all requests instead of the network.
        now: Current time in seconds since the epoch, for the expiry of keys.
        gate: Checked by every request; None to allow all.
        trace: Receives every request; None for no trace.
        throttled: Called for each response of EKS that throttles an account and region, from any thread.

    Raises:
        EksdnsError: An endpoint URL in the user's configuration is invalid.
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
        trace: Trace | None = None,
        throttled: Callable[[Scope], None] = lambda _: None,
    ) -> None:
        settings = settings or Settings()
        sessions = Sessions(hermetic, home_region)
        sessions.check_endpoints()
        self._pool = HttpPool(settings, gate)
        self._access_of = access_of
        self._throttled = throttled
        factory = ClientFactory(sessions, settings, self._pool, transport, trace)
        self._accounts = Accounts(sessions, factory, session_name=session_name(run), now=now)
        self._eks = EksClients(self._connect)
        self.addons = EksAddons(self._eks)
        described = DescribedClusters(self._eks, now)
        self.versions = EksVersions(self._eks, described, now)
        self.installer = EksInstaller(self._eks, self.versions)
        self.clusters = EksReach(described, self.keys, now)
        self.directory = Directory(self._accounts, access_of)
        self.vpcs = Vpcs(self._accounts, access_of)

    def organization(self, access: Access | None = None) -> "Organization":
        """Directory of the organization of the given or the current credentials."""
        from eksaddon.aws.organization import Organization  # noqa: PLC0415  # few commands need it

        return Organization(self._accounts, access or CurrentCredentials())

    def trust(self) -> "TrustReader":
        """Reader of the GitHub trust in the account of the current credentials."""
        from eksaddon.aws.trust import TrustReader  # noqa: PLC0415  # as above

        return TrustReader(self._accounts, CurrentCredentials())

    def region_of(self, access: Access) -> str:
        """Region set by the environment or a profile; empty if none is set or the profile does not exist."""
        return self._accounts.region_of(access)

    def keys(self, account: str) -> "ReadOnlyCredentials | Trouble":
        """Current keys of an account, to sign a Kubernetes token."""
        return self._accounts.keys(self._access_of(account))

    def release(self, scope: Scope) -> None:
        """Free the memory of a finished account and region."""
        self._eks.release(scope)

    def close(self) -> None:
        """Close idle connections."""
        self._pool.close()

    def _connect(self, scope: Scope) -> "Line[EKSClient] | Trouble":
        line = self._accounts.open("eks", self._access_of(scope.account), region=scope.region)
        if not isinstance(line, Trouble):
            report_throttling(line.client, partial(self._throttled, scope))
        return line
