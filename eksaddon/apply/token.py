"""clientRequestToken: one for each intended write, so that EKS recognises retries."""

import hashlib

from eksaddon.domain.plan import AddonWrite, ClusterPlan
from eksaddon.domain.target import ClusterRef


def request_token(run_id: str, plan: ClusterPlan, write: AddonWrite, attempt: int = 0) -> str:
    """Hash of run, cluster, observed state, document, version and attempt, as 64 hex digits.

    botocore's own token covers only its own retries; our retry would get a new token and fail with
    ResourceInUseException because of its own update. A retry by an operator is a new attempt: for the old
    token EKS would return the failed update.
    """
    attempts = [str(attempt)] if attempt else []
    return _hash(run_id, str(plan.target.ref), plan.fingerprint, write.text, *_version(write), *attempts)


def change_token(ref: ClusterRef, fingerprint: str, modified_at: float, write: AddonWrite) -> str:
    """Hash of cluster, observed state and request, the same in every run and with every state store.

    If EKS returns a stale document and this change was made already, from another state store or by a run
    that is no longer read, EKS returns that update instead of starting a second one. The time of the last
    modification distinguishes two states with the same document.

    Args:
        modified_at: The add-on's modifiedAt, in seconds since the epoch.
    """
    mode = write.resolve_conflicts.value
    return _hash(
        str(ref), fingerprint, f"{modified_at:.3f}", write.text, write.role_arn, mode, *_version(write)
    )


def _version(write: AddonWrite) -> tuple[str, ...]:
    return (f"version {write.version}",) if write.version else ()


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
