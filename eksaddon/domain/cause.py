"""Causes of failed reads, writes and verifications, with a hint for each."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from eksaddon.frozen import dataclass


class Cause(StrEnum):
    """Values are published in JSON output and must not be renamed."""

    SETTINGS = "invalid-settings"
    NO_PROFILE = "no-such-profile"
    MISSING_DEPENDENCY = "missing-dependency"
    NO_CREDENTIALS = "no-credentials"
    CREDENTIALS_EXPIRED = "credentials-expired"
    CREDENTIALS_INVALID = "credentials-invalid"
    ROLE_NOT_ASSUMABLE = "role-not-assumable"
    WRONG_ACCOUNT = "wrong-account"
    DENIED = "access-denied"
    DENIED_BY_SCP = "denied-by-scp"
    MFA_REQUIRED = "mfa-required"
    REGION_NOT_ENABLED = "region-not-enabled"
    THROTTLED = "throttled"
    TRANSPORT = "connection-failed"
    SERVER = "server-error"
    TRUNCATED = "truncated-reply"
    UNREADABLE = "unreadable-reply"
    NOT_FOUND = "not-found"
    NO_SUCH_CLUSTER = "no-such-cluster"
    INVALID = "invalid-request"
    BUSY = "busy"
    CONFLICT = "configuration-conflict"
    UPDATE_FAILED = "update-failed"
    UPDATE_CANCELLED = "update-cancelled"
    UNHEALTHY = "addon-unhealthy"
    NOT_AS_PLANNED = "stored-document-differs"
    NOT_SHOWN = "not-shown-yet"
    STILL_RUNNING = "still-running"
    WORKLOAD = "workload-plane"
    POD_GRACE = "pod-grace"
    INTERRUPTED = "interrupted"
    INTERNAL = "internal-error"
    UNKNOWN = "unknown-error"


HINTS: Mapping[Cause, str] = MappingProxyType(
    {
        Cause.SETTINGS: "no request was sent; correct the AWS configuration file or variable",
        Cause.NO_PROFILE: "choose another profile with --profile or AWS_PROFILE",
        Cause.MISSING_DEPENDENCY: "install it; for profiles of `aws login`: pip install 'eksaddon[login]'",
        Cause.NO_CREDENTIALS: "set AWS_PROFILE, run `aws sso login`, or export an access key",
        Cause.CREDENTIALS_EXPIRED: (
            "renew the base credentials (`aws sso login` or the OIDC step) and run again"
        ),
        Cause.CREDENTIALS_INVALID: (
            "AWS rejected the access key or the signature; check the keys and the system clock"
        ),
        Cause.ROLE_NOT_ASSUMABLE: "check that the role exists, its trust policy and its external ID",
        Cause.WRONG_ACCOUNT: "set a role or a profile for the account",
        Cause.DENIED: "add the missing action to the role; `eksdns doctor` prints the minimum policy",
        Cause.DENIED_BY_SCP: "a service control policy denies it; ask the organization's administrators",
        Cause.MFA_REQUIRED: "the role requires MFA; use a profile with mfa_serial or an SSO session",
        Cause.REGION_NOT_ENABLED: "enable the region in the account or remove it from `regions`",
        Cause.THROTTLED: "other tools share the account's request rate; run again, or lower --concurrency",
        Cause.TRANSPORT: "check network, proxy and endpoint settings",
        Cause.SERVER: "AWS returned server errors on every retry; run again later",
        Cause.TRUNCATED: "the response was truncated; check for a proxy between here and AWS",
        Cause.UNREADABLE: "the response does not match the EKS API; check AWS_ENDPOINT_URL and proxies",
        Cause.NOT_FOUND: "check the name, the account and the region",
        Cause.NO_SUCH_CLUSTER: "check the name, the account and the region",
        Cause.INVALID: "AWS rejected the request; see the message for the parameter",
        Cause.BUSY: "another update of this add-on is in progress; wait for it to finish and run again",
        Cause.CONFLICT: "these fields are managed by other controllers; see --resolve-conflicts",
        Cause.UPDATE_FAILED: "EKS may not have rolled back; `eksdns status` shows the stored configuration",
        Cause.UPDATE_CANCELLED: "EKS cancelled the update; run `eksdns plan` again",
        Cause.UNHEALTHY: "the update finished but the add-on is unhealthy; see its health issues",
        Cause.NOT_AS_PLANNED: "the configuration was changed after this update; run `eksdns plan` again",
        Cause.NOT_SHOWN: (
            "EKS may return an accepted change late; check again with `eksdns plan` or `eksdns resume RUN`"
        ),
        Cause.STILL_RUNNING: "EKS cannot cancel an add-on update; check later with `eksdns status`",
        Cause.POD_GRACE: "fix the rollout (`kubectl -n kube-system get pods`), then run `eksdns retry`",
        Cause.WORKLOAD: "see the message from the Kubernetes API",
        Cause.INTERRUPTED: "run the same command again; finished steps are not repeated",
        Cause.INTERNAL: "this is a bug in eksdns; report it with the traceback",
        Cause.UNKNOWN: "please report it with this message",
    }
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a call returned no usable response.

    Attributes:
        message: The SDK's or server's message, unescaped; escape it before printing.
        code: The service's error code; empty if it sent none.
        operation: The API operation; empty if no request was sent.
        action: The missing IAM action, such as `eks:UpdateAddon`; empty if the message does not name it.
    """

    cause: Cause
    message: str
    code: str = ""
    operation: str = ""
    action: str = ""

    @property
    def hint(self) -> str:
        if self.cause is Cause.DENIED and self.action:
            return f"the role needs {self.action}"
        return HINTS[self.cause]

    def __str__(self) -> str:
        return f"{self.cause.value}: {self.message}" if self.message else self.cause.value


def labelled(code: str, message: str) -> str:
    """`code: message` of an error that AWS reports; either may be empty."""
    return ": ".join(filter(None, (code, message))) or "no reason given"


@dataclass(frozen=True, slots=True)
class NotSent:
    """A write of which no attempt could open a connection, so that nothing was written."""

    trouble: Trouble
