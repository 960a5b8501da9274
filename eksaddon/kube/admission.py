"""What an API server has against an apply: separates missing rights from rejected objects; pure.

Sources: apiserver admission/plugin/webhook/errors/statuserror.go (webhooks), authorization/union and
responsewriters/errors.go (RBAC), plugin/policy/validating/dispatcher.go (policies), Kubernetes 1.29 to 1.36.
"""

from collections.abc import Iterator

from lightkube.core.exceptions import ApiError
from lightkube.resources.apps_v1 import Deployment

from eksaddon.domain.kube.apply_answer import (
    Applied,
    ApplyConflict,
    FieldConflict,
    Overridden,
    Override,
    WriteForbidden,
    WriteRefused,
)
from eksaddon.domain.kube.readiness import READINESS_PATHS
from eksaddon.domain.plan import WorkloadWrite
from eksaddon.domain.workload import GRACE_PATH, PRE_STOP_PATH, STOCK_GRACE_SECONDS, NotChecked
from eksaddon.kube.reading import own_container, pre_stop, readiness
from eksaddon.kube.troubles import ROLE, not_checked

_MOST = 300
_QUOTED = 'conflict with "'

_WEBHOOK = 'admission webhook "'
_POLICIES = "AdmissionPolicy "
_NO_DRY_RUN = "does not support dry run"
PATCH, DELETION = ("patch", "deployments"), ("delete", "poddisruptionbudgets")
"""Verb and resource of the writes."""

_DEAD_WEBHOOK = "failed calling webhook"
_BAD_REQUEST, _FORBIDDEN, _CONFLICT, _INVALID, _INTERNAL = 400, 403, 409, 422, 500
_NOT_ABOUT_IT = frozenset({401, 404, 408, 429})
"""Answers below 500 that say nothing of the object."""

POLICY = "check the admission webhooks and policies of the cluster"

Refusal = ApplyConflict | WriteRefused | WriteForbidden | NotChecked


def refusal(error: ApiError, *, may_patch: bool | None = None) -> Refusal | None:
    """What a failed apply means; None where only an access review can tell.

    Args:
        may_patch: Answer of an access review; None without one.
    """
    code = error.status.code or error.response.status_code
    message = (error.status.message or "").strip()
    reason = message[:_MOST] or "the object is invalid"
    if code == _CONFLICT:
        return ApplyConflict(tuple(_conflicts(error)))
    if _WEBHOOK in message and _NO_DRY_RUN in message:
        return NotChecked(reason, "set sideEffects to None or NoneOnDryRun in the webhook's configuration")
    if code == _FORBIDDEN and _WEBHOOK not in message and may_patch is not True:
        if may_patch is None:
            return None
        return WriteForbidden(f"access denied by the Kubernetes API: {reason}", ROLE)
    is_refusal = _BAD_REQUEST <= code < _INTERNAL and code not in _NOT_ABOUT_IT
    is_of_webhook = _WEBHOOK in message or _DEAD_WEBHOOK in message
    if is_refusal or (code >= _INTERNAL and is_of_webhook):
        is_validation = code == _INVALID and not is_of_webhook
        hint = "" if is_validation else POLICY
        return WriteRefused(reason, hint, is_invalid=is_validation and _POLICIES not in message)
    return not_checked(error)


def names_the_right(error: ApiError, right: tuple[str, str] = PATCH) -> bool:
    """Whether a refusal has the shape of RBAC's, which names the verb and the resource.

    Quota, Pod Security and policies also answer 403, and name what they have against the object.
    """
    message = error.status.message or ""
    verb, resource = right
    return _WEBHOOK not in message and f' cannot {verb} resource "{resource}"' in message


def _conflicts(error: ApiError) -> Iterator[FieldConflict]:
    details = error.status.details
    for cause in (details.causes if details else None) or ():
        message = cause.message or ""
        manager = message.partition(_QUOTED)[2].partition('"')[0]
        yield FieldConflict(manager or "somebody", cause.field or "")


def outcome(write: WorkloadWrite, returned: Deployment) -> Applied | Overridden:
    """Whether the object that an apply returned has what was requested."""
    overrides = tuple(_overrides(write, returned))
    return Overridden(overrides) if overrides else Applied()


def _overrides(write: WorkloadWrite, returned: Deployment) -> Iterator[Override]:
    pod = returned.spec.template.spec
    grace = pod.terminationGracePeriodSeconds if pod else None
    actual = STOCK_GRACE_SECONDS if grace is None else grace
    if write.grace_seconds is not None and write.grace_seconds != actual:
        yield Override(GRACE_PATH, write.grace_seconds, actual)
    sleep, kind = pre_stop(own_container(returned))
    is_set = bool(write.pre_stop_seconds or write.replaces_hook)
    if is_set and (kind or write.pre_stop_seconds != sleep):
        yield Override(PRE_STOP_PATH, write.pre_stop_seconds or 0, sleep)
    live = dict(zip(READINESS_PATHS, readiness(returned).values, strict=True))
    for path, wanted in write.readiness.items:
        if wanted != live[path]:
            yield Override(path, wanted, live[path] or 0)
