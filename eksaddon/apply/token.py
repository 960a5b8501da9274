"""clientRequestToken: one for each intent, so that a repeat is recognised by EKS."""

import hashlib

from eksaddon.domain.plan import ClusterPlan


def request_token(run_id: str, plan: ClusterPlan, text: str, attempt: int = 0) -> str:
    """64 hex digits of run, cluster, observed state, document and attempt.

    botocore keeps a token of its own over its own retries only; a repeat on our side would get a new
    one and meet its own update as ResourceInUseException. A retry that a person asks for is another
    attempt: to the old token EKS would answer with the update that failed.
    """
    parts = (run_id, str(plan.target.ref), plan.fingerprint, text, *([str(attempt)] if attempt else []))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
