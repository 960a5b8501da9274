"""Progress on stderr: a moving line on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from eksaddon.apply.events import Event, Halted, Stepped
from eksaddon.cli.terminal import Terminal
from eksaddon.domain.judgement import outcome_word
from eksaddon.domain.printable import on_one_line
from eksaddon.domain.records import Approved, Ended, GateLooked, Opened, WaveBegan, WaveEnded, WaveSoaking

HEARTBEAT = 30.0
REDRAW = 0.1
QUIET_START = 1.0
"""Seconds; what is done sooner needs no progress."""


@dataclass(slots=True)
class Progress:
    """Nothing is written where it is switched off; stdout is never touched."""

    at: Terminal
    quiet: bool
    now: Callable[[], float] = time.monotonic
    _begun: float = field(init=False)
    _written: float = field(init=False)
    _drawn: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._begun = self.now()
        self._written = self._begun

    def reading(self, done: int, total: int) -> None:
        """Targets read so far, with the rate and the time that is left."""
        passed = self.now() - self._begun
        rate = done / passed if passed > 0 else 0.0
        left = f", {(total - done) / rate:.0f} s left" if rate and done < total else ""
        self._show(f"read {done:,} of {total:,} clusters ({rate:.0f}/s{left})", last=done == total)

    def event(self, event: Event) -> None:
        match event:
            case Stepped(ref=ref, step=step, detail=detail):
                self._line(f"{ref}: {step}" + (f" {detail}" if detail else ""))
            case Ended(ref=ref, outcome=outcome):
                self._line(f"{ref}: {outcome_word(outcome)}")
            case Halted(reason=reason):
                self._line(f"nothing new starts: {reason}")
            case Opened(run_id=run_id):
                self._line(f"run {run_id}")
            case WaveBegan(wave=wave) if wave:
                self._line(f"wave {wave} begins")
            case WaveSoaking(wave=wave, until=until):
                self._line(f"wave {wave} soaks until {datetime.fromtimestamp(until, UTC):%H:%M:%S} UTC")
            case GateLooked(wave=wave, gate=gate, verdict=verdict, detail=detail):
                self._line(f"wave {wave}: check {gate}: {verdict}" + (f" ({detail})" if detail else ""))
            case Approved(wave=wave, who=who):
                self._line(f"wave {wave} approved by {who}")
            case WaveEnded(wave=wave, state=state, reason=reason) if wave:
                self._line(f"wave {wave} {state}" + (f": {reason}" if reason else ""))
            case _:
                pass

    def _show(self, text: str, *, last: bool) -> None:
        now = self.now()
        if self.quiet or now - self._begun < QUIET_START:
            return
        if self.at.stderr_is_terminal:
            if last or now - self._written >= REDRAW:
                self._written, self._drawn = now, not last
                sys.stderr.write(f"\r\x1b[K{text}" + ("\n" if last else ""))
                sys.stderr.flush()
        elif now - self._written >= HEARTBEAT:
            self._written = now
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    def _line(self, text: str) -> None:
        if not self.quiet:
            sys.stderr.write(f"{on_one_line(text)}\n")
            sys.stderr.flush()
