"""Names for the command line; a separate module to keep --help fast."""

from enum import StrEnum

ACTIONS_BOT = "github-actions[bot]"
"""Login of a workflow's token."""


class WhenClosed(StrEnum):
    """What to do about drift if its issue was closed."""

    NEW = "new"
    REOPEN = "reopen"
    QUIET = "quiet"


class OnPlanChange(StrEnum):
    """What to do if the plan is not the one that was reviewed."""

    STOP = "stop"
    CONTINUE = "continue"
