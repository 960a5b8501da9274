"""Translates errors of a Kubernetes API; messages never contain tokens or certificates."""

import ssl

import httpx2
import msgspec
from lightkube.core.exceptions import ApiError, ConfigError

from eksaddon.domain.workload import NotChecked
from eksaddon.kube.network.replies import UnexpectedReplyError
from eksaddon.kube.network.tls import refusal

FAULTS = (httpx2.HTTPError, httpx2.InvalidURL, ConfigError, OSError, ValueError, msgspec.MsgspecError)
"""All exceptions of the client library and its dependencies for an endpoint and its replies."""

_MOST = 300

ACCESS = "create an access entry for the role; `eksdns doctor` prints one"
ROLE = "the Role in configs/access/kubernetes.yaml grants the required permissions"


def not_checked(error: Exception) -> NotChecked:
    """Translate an error of a read."""
    match error:
        case ApiError():
            return _answered(error)
        case httpx2.HTTPStatusError():
            code = error.response.status_code
            return NotChecked(
                f"unexpected HTTP {code} response from the Kubernetes API endpoint",
                "check for a proxy between here and the cluster",
            )
        case httpx2.ConnectTimeout() | httpx2.PoolTimeout():
            return NotChecked(
                "the connection to the Kubernetes API timed out",
                "a private endpoint is reachable only from inside its network",
            )
        case httpx2.ProxyError():
            return NotChecked(
                f"the proxy cannot reach the Kubernetes API: {error}", "check HTTPS_PROXY and NO_PROXY"
            )
        case httpx2.TimeoutException():
            return NotChecked("the Kubernetes API did not respond in time", "run again later")
        case httpx2.ConnectError():
            return _unconnected(error)
        case ssl.SSLError():
            return NotChecked(
                "invalid certificate authority of the cluster, so nothing is sent",
                "check certificateAuthority in `aws eks describe-cluster`",
            )
        case httpx2.HTTPError() | OSError():
            return NotChecked(
                f"the connection to the Kubernetes API was lost ({type(error).__name__})", "run again"
            )
        case _:
            what = str(error) if isinstance(error, UnexpectedReplyError) else type(error).__name__
            return NotChecked(
                f"invalid response from the Kubernetes API ({what})",
                "check for a proxy between here and the cluster",
            )


def _answered(error: ApiError) -> NotChecked:
    code = error.status.code or error.response.status_code
    reason = (error.status.message or "").strip()[:_MOST]
    match code:
        case 401:
            return NotChecked("the Kubernetes API rejected the credentials (401 Unauthorized)", ACCESS)
        case 403:
            return NotChecked(f"access denied by the Kubernetes API: {reason or '403 Forbidden'}", ROLE)
        case 404:
            return NotChecked(
                f"the Kubernetes API returned: {reason or '404 Not Found'}", "is CoreDNS installed?"
            )
        case _:
            return NotChecked(f"the Kubernetes API returned: {reason or code}", "run again later")


def _unconnected(error: httpx2.ConnectError) -> NotChecked:
    if (about_tls := refusal(error)) is not None:
        return NotChecked(*about_tls)
    text = str(error).lower()
    if "name" in text and ("resolve" in text or "known" in text or "resolution" in text):
        return NotChecked(
            "the host name of the Kubernetes API could not be resolved",
            "a private endpoint resolves only inside its network",
        )
    return NotChecked("could not connect to the Kubernetes API", "check network, proxy and firewall")
