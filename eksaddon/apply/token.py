"""clientRequestToken: one for each intent, so that a repeat is recognised by EKS."""

import hashlib

from eksaddon.domain.plan import ClusterPlan


def request_token(run_id: str, plan: ClusterPlan, text: str) -> str:
    """64 hex digits of run, cluster, observed state and document.

    botocore keeps a token of its own over its own retries only; a repeat on our side would get a new
    one and meet its own update as ResourceInUseException.
    """
    parts = (run_id, str(plan.target.ref), plan.fingerprint, text)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
