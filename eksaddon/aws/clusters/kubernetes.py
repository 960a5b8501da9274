"""Endpoints of the clusters' Kubernetes APIs, and tokens for them.

A token is a presigned GetCallerIdentity with the cluster's name as a signed header; creating it sends no
request (source: kubernetes-sigs/aws-iam-authenticator, README, token format).
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.auth import SIGV4_TIMESTAMP, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from eksaddon.aws.clusters.described import DescribedClusters
from eksaddon.aws.pages import Reply, unreadable
from eksaddon.domain.cause import Trouble
from eksaddon.domain.geography import dns_suffix, region_partition
from eksaddon.domain.target import ClusterRef
from eksaddon.ports import Reach

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials

PREFIX = "k8s-aws-v1."
LIFE = 14 * 60
"""Seconds for which a token is used; servers accept it for 15 minutes."""

_EXPIRES = 60

Keys = Callable[[str], "ReadOnlyCredentials | Trouble"]
"""Returns the current keys of an account."""


class EksReach:
    """ClusterDirectory over DescribeCluster."""

    def __init__(self, described: DescribedClusters, keys: Keys, now: Callable[[], float]) -> None:
        self._described = described
        self._keys = keys
        self._now = now

    def reach(self, ref: ClusterRef) -> Reach | Trouble:
        found = self._described.of(ref)
        if isinstance(found, Trouble):
            return found
        endpoint = found.cluster.get("endpoint")
        if not isinstance(endpoint, str) or not endpoint:
            return unreadable("DescribeCluster", "endpoint of the Kubernetes API")
        authority = found.cluster.get("certificateAuthority")
        data = authority.get("data", "") if isinstance(authority, dict) else ""
        # tokens of local clusters on Outposts use their id
        known_as = str(found.cluster.get("id") or ref.name)
        version = _settled_version(found.cluster)
        return Reach(endpoint, str(data), lambda: self._token(ref, known_as), found.agent, version)

    def _token(self, ref: ClusterRef, known_as: str) -> str | Trouble:
        keys = self._keys(ref.account)
        return keys if isinstance(keys, Trouble) else token(keys, ref.region, known_as, self._now())


def _settled_version(cluster: Reply) -> str:
    """Version of an active cluster; while EKS upgrades one, only its API servers know theirs."""
    version = cluster.get("version") if cluster.get("status") == "ACTIVE" else ""
    return version if isinstance(version, str) else ""


class _SignedAt(SigV4QueryAuth):
    """Signs for a given time; botocore always uses the machine's clock."""

    def __init__(self, credentials: Credentials, region: str, at: float) -> None:
        super().__init__(credentials, "sts", region, expires=_EXPIRES)
        self._at = at

    def add_auth(self, request: AWSRequest) -> None:
        request.context["timestamp"] = datetime.fromtimestamp(self._at, UTC).strftime(SIGV4_TIMESTAMP)
        self._modify_request_before_signing(request)  # type: ignore[attr-defined]  # not in the stubs
        canonical = self.canonical_request(request)
        signature = self.signature(self.string_to_sign(request, canonical), request)
        self._inject_signature_to_request(request, signature)  # type: ignore[attr-defined]  # as above


def token(keys: "ReadOnlyCredentials", region: str, known_as: str, at: float) -> str:
    """Create a bearer token.

    Args:
        known_as: The cluster's name, or the id of a local cluster on an Outpost.
        at: Seconds since the epoch.
    """
    host = f"sts.{region}.{dns_suffix(region_partition(region))}"
    request = AWSRequest(
        "GET",
        f"https://{host}/?Action=GetCallerIdentity&Version=2011-06-15",
        headers={"x-k8s-aws-id": known_as},
    )
    credentials = Credentials(keys.access_key or "", keys.secret_key or "", keys.token)
    _SignedAt(credentials, region, at).add_auth(request)
    return PREFIX + urlsafe_b64encode(str(request.url).encode()).decode().rstrip("=")
