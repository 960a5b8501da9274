"""Event sinks whose failure does not fail the run."""

from collections.abc import Callable
from dataclasses import field

from eksaddon.app.runs.execute import Watch
from eksaddon.apply.events import Event
from eksaddon.domain.run.progress import RunProgress
from eksaddon.frozen import dataclass
from eksaddon.ports import Clock


@dataclass(slots=True)
class Unfailing:
    """Forwards events until the sink fails; then reports it and drops further events.

    Attributes:
        what: Subject of the message, such as `events to out.jsonl`.
        say: Receives the message.
    """

    what: str
    sink: Callable[[Event], None]
    say: Callable[[str], None]
    is_lost: bool = field(init=False, default=False)

    def __call__(self, event: Event) -> None:
        if self.is_lost:
            return
        try:
            self.sink(event)
        except Exception as error:  # noqa: BLE001  # a failing sink must not end the run
            self.lose(error)

    def watch(self, watch: Watch) -> Watch:
        """Wrap a watch in the same way."""

        async def watched(run_progress: Callable[[], RunProgress], clock: Clock) -> None:
            try:
                await watch(run_progress, clock)
            except Exception as error:  # noqa: BLE001  # as above
                self.lose(error)

        return watched

    def lose(self, error: Exception) -> None:
        if not self.is_lost:
            self.is_lost = True
            self.say(f"warning: {self.what} stopped: {_reason(error)}; the run continues")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"{type(error).__name__}: {error}"
