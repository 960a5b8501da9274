"""Decides the steps of a wave's probe that must precede other steps; pure."""

from dataclasses import replace

from eksaddon.apply.steps import EndProbe, InFlight, Pause, ReadProbe, StartProbe, Wait
from eksaddon.domain.probing.gate import PROBE
from eksaddon.domain.probing.session import SessionState, judge_sessions
from eksaddon.domain.probing.verdict import PASSED, Judgement, ProbeWord, Thresholds
from eksaddon.domain.rollout.strategy import probe_gate
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.wave_progress import WaveProgress

ProbeStep = StartProbe | ReadProbe | Wait | Pause


def due_now(run_progress: RunProgress, in_flight: InFlight) -> StartProbe | ReadProbe | None:
    """Steps that precede all others: a due reading, and continuing the probe of a process that died."""
    if in_flight.probing is not None:
        is_due = in_flight.probe_due <= in_flight.now
        return ReadProbe(in_flight.probing) if is_due else None
    if in_flight.halted or run_progress.state is not RunState.RUNNING:
        return None
    return next(
        (
            StartProbe(each.wave.name)
            for each in run_progress.waves
            if probe_gate(each.wave) is not None and run_progress.left_open & frozenset(each.members)
        ),
        None,
    )


def before_start(run_progress: RunProgress, wave: WaveProgress, in_flight: InFlight) -> ProbeStep | None:
    """Steps that precede a new write: a running probe with answered lookups."""
    gate, name = probe_gate(wave.wave), wave.wave.name
    if gate is None:
        return None
    if in_flight.probing != name or not wave.probes:
        return StartProbe(name)
    session = wave.probes[-1]
    ready = session.began + gate.baseline
    if in_flight.now < ready:
        return Wait(ready)
    if session.until < ready:
        return ReadProbe(name, is_kept=True)
    judged = _judged(run_progress, wave, replace(gate.limits, least_sent=1), is_final=True)
    if judged.word is ProbeWord.PASS or (judged.word is ProbeWord.FAIL and has_changes(run_progress, wave)):
        return None  # for loss during a change there is onFailure
    return Pause(f"wave {name} cannot start: {reason_of(judged)}")


def has_changes(run_progress: RunProgress, wave: WaveProgress) -> bool:
    """Whether this run has written to any member; earlier failed lookups are not caused by it."""
    targets = (run_progress.targets[ref] for ref in wave.members)
    return any(each.is_changed or each.writing is not None for each in targets)


def judged_so_far(run_progress: RunProgress, wave: WaveProgress) -> Judgement:
    """Judge limits and probes that cannot run; everything else is judged at the end."""
    gate = probe_gate(wave.wave)
    return PASSED if gate is None else _judged(run_progress, wave, gate.limits, is_final=False)


def before_end(wave: WaveProgress, in_flight: InFlight) -> EndProbe | None:
    """Step that precedes the end of a wave: wait for the last answers."""
    if in_flight.probing == wave.wave.name:
        return EndProbe(wave.wave.name)
    return None


def while_soaking(wave: WaveProgress, in_flight: InFlight) -> StartProbe | None:
    """Continue the probe to the end of the soak, also in another process."""
    if in_flight.probing == wave.wave.name or probe_gate(wave.wave) is None or not wave.probes:
        return None
    return None if wave.probes[-1].state is SessionState.COMPLETE else StartProbe(wave.wave.name)


def judged_at_end(run_progress: RunProgress, wave: WaveProgress) -> Judgement:
    """Judge the whole measurement; a wave without started updates has none."""
    gate = probe_gate(wave.wave)
    if gate is None or not wave.probes:
        return PASSED
    return _judged(run_progress, wave, gate.limits, is_final=True)


def _judged(
    run_progress: RunProgress, wave: WaveProgress, limits: Thresholds, *, is_final: bool
) -> Judgement:
    return judge_sessions(wave.probes, limits, is_final=is_final, label=run_progress.label)


def reason_of(judged: Judgement) -> str:
    """Text such as `probe: dev/eu-west-1/a: 3 of 4,000 lookups failed (3 timeout); 0 are allowed`."""
    return f"{PROBE}: {'; '.join(judged.reasons)}"
