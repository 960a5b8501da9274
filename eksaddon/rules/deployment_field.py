"""One field of the Deployment: what a run wants, what was live at planning, and what is live now; pure."""

from collections.abc import Iterable

from eksaddon.domain.workload import SLEEP, Owner
from eksaddon.frozen import dataclass

PRE_STOP = "preStop"


@dataclass(frozen=True, slots=True)
class Field:
    """A number that the run may set.

    Attributes:
        goal: None if the run does not change it.
        before: Live value at planning; None if the field was not set.
        hook: Kind of a preStop handler that is not a sleep; empty as a rule.
    """

    name: str
    goal: int | None
    before: int | None
    live: int | None
    owner: Owner | None = None
    unit: str = ""
    hook: str = ""

    @property
    def is_there(self) -> bool:
        return self.goal in {None, self.live} and not self.hook

    def __str__(self) -> str:
        by = f" by {self.owner.manager}" if self.owner else ""
        return f"{self.name} to {self.hook or f'{self.live}{self.unit}'}{by}"


def to_replace(fields: Iterable[Field]) -> str:
    """Kind of the preStop handler that has to be removed first; empty if an apply suffices."""
    own = next((each for each in fields if each.name == PRE_STOP), None)
    if own is None:
        return ""
    return own.hook or (SLEEP if own.goal == 0 and own.live else "")
