"""What becomes of drift whose issue was closed; apart, so that --help need not load what decides by it."""

from enum import StrEnum


class WhenClosed(StrEnum):
    NEW = "new"
    REOPEN = "reopen"
    QUIET = "quiet"
