"""What stands for the workload plane where it was not read."""

from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class NotChecked:
    """The workload plane was not read; never counted as in sync.

    Attributes:
        is_chosen: The read was skipped on purpose, not failed.
    """

    reason: str
    hint: str = ""
    is_chosen: bool = False
