"""Shows the progress of a run on stderr: a live view, or lines and a heartbeat in a log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from typing import TYPE_CHECKING

from eksaddon.apply.events import Event, Halted, Stepped
from eksaddon.cli import messages
from eksaddon.cli.event_text import event_text, is_notable
from eksaddon.cli.terminal import Terminal
from eksaddon.domain.probing.gate import PROBE
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.records import Ended, GateLooked, ProbeRead
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass
from eksaddon.ports import Clock
from eksaddon.report.escape import terminal
from eksaddon.report.run_view.counts import HELD, Scene, Underway, has_failed, is_moving, log_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live

FRAME = 0.25
HEARTBEAT = 30.0
SOAKING_BEAT = 300.0
"""Maximum seconds without output while nothing is in progress; CI services abort jobs after ten minutes."""


@dataclass(slots=True)
class RunView:
    """Receives every event; `watch` shows the progress between them.

    Attributes:
        at_once: Maximum concurrency, independent of the waves.
        current: Progress of the run; None if not watching.
    """

    at: Terminal
    quiet: bool
    at_once: int = 10
    current: Callable[[], RunProgress] | None = field(init=False, default=None)
    _underway: dict[ClusterRef, Underway] = field(init=False, default_factory=dict)
    _failed: dict[ClusterRef, None] = field(init=False, default_factory=dict)
    _last_verdicts: dict[tuple[str, str], str] = field(init=False, default_factory=dict)
    _ended: int = field(init=False, default=0)
    _worked: float = field(init=False, default=0.0)
    _spent: float = field(init=False, default=0.0)
    _passed: float = field(init=False, default=0.0)
    _written: float = field(init=False, default=0.0)
    _since: float = field(init=False, default=0.0)
    _halted: str = field(init=False, default="")
    _live: "Live | None" = field(init=False, default=None)

    def event(self, event: Event) -> None:
        self._follow(event)
        text = event_text(event, self._label)
        if self.quiet or not text or self._is_as_before(event):
            return
        if self._live is None:
            self._line(text, event.at)
        elif is_notable(event):
            from rich.text import Text  # needed only for the live view

            self._live.console.print(Text(terminal(text)), soft_wrap=True)

    def _label(self, ref: ClusterRef) -> str:
        return str(ref) if self.current is None else self.current().label(ref)

    def _is_as_before(self, event: Event) -> bool:
        """Whether a check passes again; not printed, because heartbeat and view show its last verdict."""
        match event:
            case GateLooked(wave=wave, gate=gate, verdict=verdict):
                pass
            case ProbeRead(wave=wave, results=results):
                gate, verdict = PROBE, str(sum(each.figures.lost for each in results))
            case _:
                return False
        previous, self._last_verdicts[wave, gate] = self._last_verdicts.get((wave, gate)), verdict
        return previous == verdict

    async def watch(self, run_progress: Callable[[], RunProgress], clock: Clock) -> None:
        """Show the run until cancelled."""
        now = clock.now()
        self.current = run_progress
        self._since = self._passed = now
        self._written = max(self._written, now)
        self._failed = {ref: None for ref, each in run_progress().targets.items() if has_failed(each.outcome)}
        if self.quiet:
            return
        if not self.at.stderr_is_terminal:
            await self._heartbeat(run_progress, clock)
        with self._live_view(run_progress, clock) as draw:
            while True:
                draw()
                await clock.sleep(FRAME)

    async def _heartbeat(self, run_progress: Callable[[], RunProgress], clock: Clock) -> None:
        while True:
            scene = self._scene(run_progress(), clock.now())
            due = self._written + (HEARTBEAT if is_moving(scene) else SOAKING_BEAT)
            if clock.now() >= due:
                self._line(log_line(scene, clock.now()), clock.now())
            else:
                await clock.sleep(min(HEARTBEAT, due - clock.now()))

    @contextmanager
    def _live_view(
        self, run_progress: Callable[[], RunProgress], clock: Clock
    ) -> Iterator[Callable[[], None]]:
        from rich.live import Live  # needed only for the live view

        console = _console(self.at)
        shown: list[tuple[RunProgress, int]] = []

        def draw() -> None:
            """Draw once a second, and immediately after a record."""
            now, current = clock.now(), run_progress()
            if not shown or shown[-1][0] is not current or shown[-1][1] != int(now):
                shown[:] = [(current, int(now))]
                self._draw(live, current, now)

        with Live(console=console, auto_refresh=False, redirect_stdout=False) as live:
            self._live = live
            try:
                yield draw
            finally:
                self._live = None
                self._draw(live, run_progress(), clock.now(), is_last=True)

    def _draw(self, live: "Live", run_progress: RunProgress, now: float, *, is_last: bool = False) -> None:
        from rich.console import Group  # needed only for the live view

        from eksaddon.report.run_view.frame import Screen, frame  # as above

        size, can = live.console.size, not live.console.options.ascii_only
        screen = Screen(size.width, size.height, can)
        live.update(Group(*frame(self._scene(run_progress, now), now, screen, is_last=is_last)), refresh=True)

    def _scene(self, run_progress: RunProgress, now: float) -> Scene:
        self._pass(now)
        return Scene(
            run_progress=run_progress,
            underway=self._underway,
            since=self._since,
            ended=self._ended,
            worked=self._worked,
            spent=self._spent,
            at_once=self.at_once,
            failed=tuple(self._failed),
            halted=self._halted,
        )

    def _follow(self, event: Event) -> None:
        self._pass(event.at)
        match event:
            case Stepped(ref=ref, step=step, at=at):
                previous = self._underway.get(ref)
                goes_on = previous is not None and HELD not in {previous.step, step}
                self._underway[ref] = Underway(step, previous.since if previous and goes_on else at)
            case Ended(ref=ref, outcome=outcome, seconds=seconds):
                self._underway.pop(ref, None)
                self._failed.pop(ref, None)
                self._ended += 1
                self._spent += seconds
                if has_failed(outcome):
                    self._failed[ref] = None
            case Halted(reason=reason):
                self._halted = self._halted or reason
            case _:
                pass

    def _pass(self, now: float) -> None:
        if self._underway and self._passed:
            self._worked += max(0.0, now - self._passed)
        self._passed = max(self._passed, now)

    def _line(self, text: str, now: float) -> None:
        self._written = max(self._written, now)
        messages.message(text)


def _console(at: Terminal) -> "Console":
    from rich.console import Console  # needed only for the live view

    return Console(
        file=messages.rendered_stream(),
        force_terminal=True,
        no_color=not at.colour_on_stderr,
        highlight=False,
        markup=False,
    )
