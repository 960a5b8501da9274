"""Commands in findings, for the cluster that they are about."""

from dataclasses import replace

from eksaddon.domain.audit.verdict import Verdict
from eksaddon.domain.diagnostic import Diagnostic
from eksaddon.domain.target import ClusterRef

_PLACEHOLDER = "--cluster NAME"
"""What the checks write, which do not know the cluster."""


def for_cluster(verdict: Verdict, ref: ClusterRef) -> Verdict:
    """The same verdict with commands that can be copied; names of clusters need no quotes in a shell."""
    return replace(
        verdict,
        reasons=tuple(replace(reason, detail=with_name(reason.detail, ref)) for reason in verdict.reasons),
        first=with_name(verdict.first, ref),
    )


def with_name(text: str, ref: ClusterRef) -> str:
    """The text with the cluster's account and region too: other accounts can have one of the same name."""
    return text.replace(_PLACEHOLDER, _option(ref))


def general(text: str, ref: ClusterRef) -> str:
    """The text before `with_name`, equal for all clusters with the same finding."""
    return text.replace(_option(ref), _PLACEHOLDER) if "--cluster " in text else text


def _option(ref: ClusterRef) -> str:
    return f"--cluster {ref}"


def named(found: tuple[Diagnostic, ...], ref: ClusterRef) -> tuple[Diagnostic, ...]:
    """The same findings; the same object if no command is in them, as equal clusters share it."""
    for each in found:  # any() would call a generator for each finding of each cluster
        if _PLACEHOLDER in each.detail:
            return tuple(replace(one, detail=with_name(one.detail, ref)) for one in found)
    return found
