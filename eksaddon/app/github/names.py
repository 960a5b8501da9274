"""Names that the command line shows; apart, so that --help need not load what uses them."""

from enum import StrEnum

ACTIONS_BOT = "github-actions[bot]"
"""Who a workflow's own token writes as."""


class WhenClosed(StrEnum):
    """What becomes of drift whose issue somebody has closed."""

    NEW = "new"
    REOPEN = "reopen"
    QUIET = "quiet"
