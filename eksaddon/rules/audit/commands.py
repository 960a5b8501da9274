"""Commands of a verdict, for the cluster that it is about."""

from dataclasses import replace

from eksaddon.domain.audit.verdict import Verdict
from eksaddon.domain.target import ClusterRef

_PLACEHOLDER = "--cluster NAME"
"""What the checks write, which do not know the cluster."""


def for_cluster(verdict: Verdict, ref: ClusterRef) -> Verdict:
    """The same verdict with commands that can be copied; names of clusters need no quotes in a shell."""
    chosen = f"--cluster {ref.name} --region {ref.region}"
    return replace(
        verdict,
        reasons=tuple(
            replace(reason, detail=reason.detail.replace(_PLACEHOLDER, chosen)) for reason in verdict.reasons
        ),
        first=verdict.first.replace(_PLACEHOLDER, chosen),
    )
