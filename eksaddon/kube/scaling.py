"""Replicas that a proof changes for a while, and the record to restore them from; pure.

The record is an annotation that is written with the replicas in one patch: if something happens to
the process that scales, any other process can see what to restore.
"""

from collections.abc import Mapping

from eksaddon.domain.json import JsonObject
from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.regex import regex

SCALED = "eksdns.dev/scaled"
_RECORD = regex(r"([0-9]{1,9}) to ([0-9]{1,9})")


def record_of(annotations: Mapping[str, str] | None) -> ScaledDown | None:
    """What a proof has changed and not restored; None if nothing, or if the text is not from eksdns."""
    found = _RECORD.fullmatch((annotations or {}).get(SCALED, ""))
    return None if found is None else ScaledDown(before=int(found[1]), to=int(found[2]))


def scaling_patch(replicas: int | None, record: ScaledDown | None) -> JsonObject:
    """A strategic merge; null removes the annotation.

    Args:
        replicas: None to leave them as they are.
    """
    text = None if record is None else f"{record.before} to {record.to}"
    patch: JsonObject = {"metadata": {"annotations": {SCALED: text}}}
    return patch if replicas is None else {**patch, "spec": {"replicas": replicas}}
