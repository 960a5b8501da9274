"""clientRequestToken: one for each intended write, so that EKS recognises retries."""

import hashlib

from eksaddon.domain.plan import ClusterPlan


def request_token(run_id: str, plan: ClusterPlan, text: str, attempt: int = 0) -> str:
    """Hash of run, cluster, observed state, document and attempt, as 64 hex digits.

    botocore's own token covers only its own retries; our retry would get a new token and fail with
    ResourceInUseException because of its own update. A retry by an operator is a new attempt: for the old
    token EKS would return the failed update.
    """
    parts = (run_id, str(plan.target.ref), plan.fingerprint, text, *([str(attempt)] if attempt else []))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
