"""What `drift` treats as a failure; apart, so that --help need not load what decides by it."""

from enum import StrEnum


class FailOn(StrEnum):
    DRIFT = "drift"
    UNHEALTHY = "unhealthy"
    UNREACHABLE = "unreachable"
    NEVER = "never"
