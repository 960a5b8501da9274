"""Merges reports of one kind, for a fleet that was split between several runners."""

from collections.abc import Sequence
from dataclasses import replace

from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.json import digest
from eksaddon.domain.run.result import RunState, WaveResult
from eksaddon.domain.run.wave_progress import WaveState
from eksaddon.domain.target import ClusterRef
from eksaddon.report.documents.probes import merged_probes
from eksaddon.report.documents.read import read_document
from eksaddon.report.documents.shards import whole_fleet
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.states import Kind

LEAST_DONE_FIRST = (
    RunState.RUNNING,
    RunState.ROLLING_BACK,
    RunState.STOPPING,
    RunState.PAUSED,
    RunState.PLANNED,
    RunState.STOPPED,
    RunState.FAILED,
    RunState.ROLLED_BACK,
    RunState.SUCCEEDED_WITH_FAILURES,
    RunState.INCOMPLETE,
    RunState.SUCCEEDED,
)
"""State of a merged run: that of the least advanced part."""

_WAVES_LEAST_DONE_FIRST = (
    WaveState.FAILED,
    WaveState.STOPPED,
    WaveState.PAUSED,
    WaveState.PENDING,
    WaveState.GATED,
    WaveState.RUNNING,
    WaveState.SOAKING,
    WaveState.ROLLED_BACK,
    WaveState.SUCCEEDED,
    WaveState.SKIPPED,
)


def merge_texts(texts: Sequence[tuple[str, str]]) -> ReportModel:
    """Read and merge documents.

    Args:
        texts: Name for errors and text of each document.

    Raises:
        EksdnsError: A document is invalid, the kinds differ, or a target is in two documents.
    """
    return merge([(source, read_document(text, source)) for source, text in texts])


def merge(report_models: Sequence[tuple[str, ReportModel]]) -> ReportModel:
    """Merge all entries into one model, sorted by target; see `merge_texts`.

    Shards have to be all those of one fleet; see `whole_fleet`.
    """
    if not report_models:
        raise EksdnsError("nothing to merge", hint="pass files written by `--report json=FILE`")
    _require_one_kind(report_models)
    report_models = whole_fleet(report_models)
    _require_distinct(report_models)
    parts = [report_model for _, report_model in report_models]
    return ReportModel(
        parts[0].kind,
        min(part.created_at for part in parts),
        tuple(sorted((entry for part in parts for entry in part.entries), key=lambda entry: entry.ref)),
        digest=_digest([part.digest for part in parts]),
        run_id="+".join(dict.fromkeys(part.run_id for part in parts)),
        run_state=_state(parts),
        reason="; ".join(dict.fromkeys(part.reason for part in parts if part.reason)),
        waves=_waves(parts),
    )


def _waves(parts: Sequence[ReportModel]) -> tuple[WaveResult, ...]:
    """Merge waves by name; a wave has the state of its least advanced part."""
    found: dict[str, list[WaveResult]] = {}
    for part in parts:
        for wave in part.waves:
            found.setdefault(wave.name, []).append(wave)
    return tuple(_merge_wave(waves) for waves in found.values())


def _merge_wave(waves: Sequence[WaveResult]) -> WaveResult:
    least_advanced = min(waves, key=lambda wave: _WAVES_LEAST_DONE_FIRST.index(WaveState(wave.state)))
    return replace(
        least_advanced,
        targets=sum(wave.targets for wave in waves),
        at_once=sum(wave.at_once for wave in waves),
        until=max(wave.until for wave in waves),
        probe=merged_probes([wave.probe for wave in waves if wave.probe is not None]),
    )


def _require_one_kind(report_models: Sequence[tuple[str, ReportModel]]) -> None:
    first, report_model = report_models[0]
    for source, other in report_models[1:]:
        if other.kind is not report_model.kind:
            raise EksdnsError(
                f"{source} is of kind {other.kind.value}, {first} of kind {report_model.kind.value}",
                hint="merge reports of one kind at a time",
            )


def _require_distinct(report_models: Sequence[tuple[str, ReportModel]]) -> None:
    seen: dict[ClusterRef, str] = {}
    for source, report_model in report_models:
        for entry in report_model.entries:
            if entry.ref in seen:
                raise _duplicate_error(entry.ref, seen[entry.ref], source)
            seen[entry.ref] = source


def _duplicate_error(ref: ClusterRef, first: str, second: str) -> EksdnsError:
    position = f"twice in {first}" if first == second else f"in {first} and in {second}"
    hint = (
        "each target must be in exactly one report; check for a report that was already merged or given twice"
    )
    return EksdnsError(f"{ref} is {position}", hint=hint)


def _digest(digests: list[str]) -> str:
    """The common digest of all parts, else a digest over all of them, independent of order."""
    distinct = sorted(set(digests))
    return distinct[0] if len(distinct) == 1 else digest(distinct)


def _state(parts: Sequence[ReportModel]) -> str:
    if parts[0].kind is not Kind.RUN:
        return ""
    return min((RunState(part.run_state) for part in parts), key=LEAST_DONE_FIRST.index).value
