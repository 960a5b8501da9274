"""Why something could not be read, written or proven."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Cause(StrEnum):
    """Published in JSON output, so that a value is never renamed."""

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
    INTERRUPTED = "interrupted"
    INTERNAL = "internal-error"
    UNKNOWN = "unknown-error"


HINTS: Mapping[Cause, str] = MappingProxyType(
    {
        Cause.SETTINGS: "no request was sent; correct the AWS configuration file or variable",
        Cause.NO_PROFILE: "choose another profile with --profile or AWS_PROFILE",
        Cause.MISSING_DEPENDENCY: "install it; for profiles of `aws login`: pip install 'eksaddon[login]'",
        Cause.NO_CREDENTIALS: "set AWS_PROFILE, run `aws sso login`, or export an access key",
        Cause.CREDENTIALS_EXPIRED: "renew the base credentials (`aws sso login`, the OIDC step), run again",
        Cause.CREDENTIALS_INVALID: "AWS does not know the key or its signature; check keys and clock",
        Cause.ROLE_NOT_ASSUMABLE: "check that the role exists, its trust policy and its external id",
        Cause.WRONG_ACCOUNT: "name a role or a profile that leads into the account",
        Cause.DENIED: "add the missing action to the role; `eksdns doctor` prints the least policy",
        Cause.DENIED_BY_SCP: "a service control policy of the organization denies it; ask its owner",
        Cause.MFA_REQUIRED: "the role asks for MFA; use a profile with mfa_serial or an SSO session",
        Cause.REGION_NOT_ENABLED: "enable the region in the account or leave it out of `regions`",
        Cause.THROTTLED: "other tools share the account's request rate; run again, or lower --concurrency",
        Cause.TRANSPORT: "check network, proxy and endpoint settings",
        Cause.SERVER: "AWS answered with a server error to the end of all retries; run again later",
        Cause.TRUNCATED: "the reply was cut off; a proxy on the way may be at fault",
        Cause.UNREADABLE: "the reply is not what the EKS API promises; check AWS_ENDPOINT_URL and proxies",
        Cause.NOT_FOUND: "check the name, the account and the region",
        Cause.NO_SUCH_CLUSTER: "check the name, the account and the region",
        Cause.INVALID: "AWS refused the request; the message says which part",
        Cause.BUSY: "another update of this add-on is running; wait for it and run again",
        Cause.CONFLICT: "somebody else owns these fields; see --resolve-conflicts",
        Cause.UPDATE_FAILED: "EKS may not have rolled back; see `eksdns status` for what is stored now",
        Cause.UPDATE_CANCELLED: "the update was cancelled on the side of EKS; run `eksdns plan` again",
        Cause.UNHEALTHY: "the update ended but the add-on is not healthy; see its health issues",
        Cause.NOT_AS_PLANNED: "somebody wrote another document after ours; run `eksdns plan` again",
        Cause.NOT_SHOWN: "EKS may show an accepted change late; look again with `eksdns resume RUN`",
        Cause.STILL_RUNNING: "EKS cannot cancel an add-on update; look again later with `eksdns status`",
        Cause.WORKLOAD: "see the message of the Kubernetes API",
        Cause.INTERRUPTED: "run the same command again; what is done stays done",
        Cause.INTERNAL: "this is a bug in eksdns; report it with the traceback",
        Cause.UNKNOWN: "please report it with the message",
    }
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why one call had no answer to use.

    Attributes:
        message: The SDK's or server's own words, unescaped; escape before printing.
        code: The service's error code, empty where there was none.
        operation: The API operation, empty where none was reached.
        action: The IAM action that is missing, as `eks:UpdateAddon`, where the message tells.
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
