"""Names that the command line shows; apart, so that --help need not load what uses them."""

from enum import StrEnum

ACTIONS_BOT = "github-actions[bot]"
"""Who a workflow's own token writes as."""


class WhenClosed(StrEnum):
    """What to do about drift if someone closed its issue."""

    NEW = "new"
    REOPEN = "reopen"
    QUIET = "quiet"
