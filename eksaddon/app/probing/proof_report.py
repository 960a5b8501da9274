"""A proof as text lines and as JSON."""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal

from eksaddon.app.probing.in_cluster import OwnView, own_view
from eksaddon.app.probing.prove import Proof, ProofPlan
from eksaddon.app.probing.scaling import scaling_lines
from eksaddon.domain.document import Count, Version, as_json
from eksaddon.domain.json import SCHEMA_VERSION, Json, JsonObject
from eksaddon.domain.probing.own_counts import own_text
from eksaddon.domain.probing.proof import by_second, propagations
from eksaddon.domain.probing.verdict import ProbeWord
from eksaddon.domain.propagation import recommended_calculation, recommended_values
from eksaddon.domain.termination import SECOND, Timeline, in_seconds, timeline
from eksaddon.frozen import dataclass


def _timeline(plan: ProofPlan) -> Timeline:
    return timeline(plan.settings)


def plan_lines(plan: ProofPlan) -> Iterator[str]:
    """What is going to happen. Not escaped."""
    gate, settings = plan.gate, plan.settings
    if plan.scaling is None:
        yield f"Restart CoreDNS in {plan.target.label} and measure whether lookups are lost:"
        yield f"  pods to replace: {len(plan.pods)}, by a rollout restart of the Deployment"
    else:
        record = plan.scaling.record
        yield (
            f"Scale CoreDNS in {plan.target.label} from {record.before} to {record.to} replicas and back, "
            "and measure which lookups are lost:"
        )
        yield from scaling_lines(plan.scaling, settings.grace_seconds, plan.target.ref)
    lameduck = in_seconds(settings.lameduck_ns)
    yield (
        f"  their settings: preStop {settings.pre_stop_seconds} s, lameduck {lameduck} s, "
        f"terminationGracePeriod {settings.grace_seconds} s"
    )
    yield f"  a deleted pod answers for: {in_seconds(_timeline(plan).answers_ns)} s with these settings"
    yield f"  lookups: {gate.rate} per second from {gate.nodes} pods in {gate.namespace}, image {gate.image}"


def lines(proof: Proof) -> Iterator[str]:
    """What happened; the judgement first. Not escaped."""
    figures = proof.reading.figures
    word = {ProbeWord.PASS: "no lookup was lost", ProbeWord.FAIL: "lookups were lost"}
    yield f"{proof.judged.word.value}: {word.get(proof.judged.word, 'nothing is proven')}"
    yield from (f"  {why}" for why in proof.judged.reasons)
    if not proof.restarted:
        return
    yield f"  {figures.lost:,} of {figures.asked:,} lookups to kube-dns lost"
    if counted := own_text([proof.reading.own]):
        yield f"  {counted}"
    yield from _scaling(proof)
    for each in proof.deletions:
        gone = f", ended {each.gone - each.deleted:.1f} s later" if each.gone else ""
        yield f"  {each.pod}: deleted after {each.deleted - proof.restarted:.1f} s{gone}"
    for loss in proof.losses:
        begin, end = loss.first - proof.restarted, loss.last - proof.restarted
        met = f"at the end of {loss.pod}" if loss.pod else _unexplained(proof)
        yield f"  {loss.node}: {loss.lost:,} lost between {begin:.1f} s and {end:.1f} s, {met}"
    if not proof.plan.leaves_none:
        yield from _propagation(proof)


def _scaling(proof: Proof) -> Iterator[str]:
    scaling = proof.plan.scaling
    if scaling is None:
        return
    record = scaling.record
    seconds = proof.restored - proof.restarted
    end = f"restored after {seconds:.1f} s" if proof.restored else "NOT restored"
    yield f"  scaled from {record.before} to {record.to} replicas; the {record.before} were {end}"
    if proof.plan.leaves_none:
        predicted = f"{in_seconds(_timeline(proof.plan).answers_ns)} s by these settings"
        found = proof.answered_for
        kept = "throughout" if found is None else f"for {found:.1f} s"
        yield f"  after the scaling, lookups were answered {kept}; expected: {predicted}"


def _unexplained(proof: Proof) -> str:
    return "when no pod was left" if proof.plan.leaves_none else "not explained by the end of a pod"


def _propagation(proof: Proof) -> Iterator[str]:
    found = propagations(proof.losses)
    answers = _timeline(proof.plan).answers_ns / SECOND
    if not found:
        yield (
            f"  propagation: at most {answers:g} s, the time for which deleted pods answer; "
            "no lookup reached an ended pod"
        )
        return
    for node, seconds in sorted(found.items()):
        yield f"  propagation: {seconds:.1f} s on {node}, from the deletion to the last lost lookup"
    longest = round(max(found.values()) * SECOND)
    yield f"  sufficient settings: {recommended_values(longest)} ({recommended_calculation(longest)})"
    day = datetime.fromtimestamp(proof.restarted, UTC).date()
    yield "  to compare this cluster's settings with it from now on, add to `overrides` of the fleet file:"
    yield f"    - {json.dumps(override(proof))}  # measured on {day} by eksdns prove"


def override(proof: Proof) -> JsonObject | None:
    """The entry of `overrides` with the measured propagation; None where none was measured.

    Rounded up to tenths of a second.
    """
    if proof.propagation is None:
        return None
    ref = proof.plan.target.ref
    match: Json = {"account": ref.account, "region": ref.region, "cluster": ref.name}
    return {"match": match, "coredns": {"propagation": f"{math.ceil(10 * proof.propagation) / 10:g}s"}}


@dataclass(frozen=True, slots=True)
class DeletedPod:
    pod: str
    deleted_after_seconds: Annotated[float, "Since the restart."]
    ended_after_seconds: Annotated[float | None, "Since its deletion; null if its end was not observed."]


@dataclass(frozen=True, slots=True)
class LostLookups:
    node: str
    pod: Annotated[str, "Ended pod that they were sent to; empty if no pod explains them."]
    lost: Count
    first_after_seconds: Annotated[float, "Since the restart."]
    last_after_seconds: float


@dataclass(frozen=True, slots=True)
class SecondView:
    after_seconds: Annotated[int, "Since the restart."]
    asked: Count
    lost: Count


@dataclass(frozen=True, slots=True)
class ScalingView:
    before: Annotated[Count, "Replicas before and after."]
    to: Annotated[Count, "Replicas in between."]
    restored_after_seconds: Annotated[float | None, "Since the scaling; null if they were not restored."]
    answered_for_seconds: Annotated[
        float | None,
        "From a scaling to 0 to the first lost lookup; null if none was lost, or if pods were left.",
    ]


@dataclass(frozen=True, slots=True)
class ProofDocument:
    schema_version: Version
    kind: Literal["proof"]
    cluster: str
    verdict: ProbeWord
    reasons: tuple[str, ...]
    restarted: Annotated[
        float | None,
        "When CoreDNS was restarted or scaled, in seconds since the epoch; null for not at all.",
    ]
    scaling: Annotated[ScalingView | None, "Of `--scale-to`; null for a restart."]
    asked: Count
    lost: Count
    pods: tuple[DeletedPod, ...]
    losses: tuple[LostLookups, ...]
    propagation_seconds: Annotated[
        Mapping[str, float], "By node, from a deletion to the last lookup that was lost at the ended pod."
    ]
    seconds: tuple[SecondView, ...]
    override: Annotated[
        JsonObject | None, "Entry for `overrides` of the fleet file; null if no propagation was measured."
    ]
    coredns: Annotated[OwnView | None, "CoreDNS's own counters of errors."]


def document(proof: Proof) -> JsonObject:
    """What `-o json` prints."""
    begin, figures = proof.restarted, proof.reading.figures
    made = ProofDocument(
        SCHEMA_VERSION,
        "proof",
        cluster=str(proof.plan.target.ref),
        verdict=proof.judged.word,
        reasons=proof.judged.reasons,
        restarted=begin or None,
        scaling=_scaling_view(proof),
        asked=figures.asked,
        lost=figures.lost,
        pods=tuple(
            DeletedPod(
                each.pod,
                round(each.deleted - begin, 2),
                None if each.gone is None else round(each.gone - each.deleted, 2),
            )
            for each in proof.deletions
        ),
        losses=tuple(
            LostLookups(
                each.node, each.pod, each.lost, round(each.first - begin, 2), round(each.last - begin, 2)
            )
            for each in proof.losses
        ),
        propagation_seconds={
            node: round(seconds, 2) for node, seconds in sorted(propagations(proof.losses).items())
        },
        seconds=tuple(
            SecondView(second - int(begin), asked, lost)
            for second, asked, lost in by_second(proof.reading.traces)
        ),
        override=override(proof),
        coredns=own_view(proof.reading.own),
    )
    return as_json(made)


def _scaling_view(proof: Proof) -> ScalingView | None:
    if proof.plan.scaling is None:
        return None
    record, restored, answered = proof.plan.scaling.record, proof.restored, proof.answered_for
    return ScalingView(
        record.before,
        record.to,
        round(restored - proof.restarted, 2) if restored else None,
        None if answered is None else round(answered, 2),
    )
