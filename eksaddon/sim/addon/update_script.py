"""Courses of add-on updates, and the timing of the simulated EKS."""

import math
from enum import StrEnum
from random import Random

from eksaddon.frozen import dataclass

FOREVER = math.inf


@dataclass(frozen=True, slots=True)
class Problem:
    """A health issue of an add-on, or an error of an update."""

    code: str
    message: str
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """The course of an update.

    Attributes:
        seconds: Range of its duration, drawn at random; None for the default.
        shows: Status of the add-on during the update.
        word: Status of the update while it runs; can be a value missing in the model.
        ends: Final status of the update.
        errors: Errors of the finished update.
        keeps: Whether the new configuration remains stored after a failure.
        status: Status of the add-on after the update.
        lasts: Seconds until the status becomes ACTIVE without issues.
    """

    seconds: tuple[float, float] | None = None
    shows: str = "UPDATING"
    ends: str = "Successful"
    errors: tuple[Problem, ...] = ()
    keeps: bool = True
    status: str = "ACTIVE"
    issues: tuple[Problem, ...] = ()
    lasts: float = FOREVER
    word: str = "InProgress"


SUCCEEDS = Course()

STUCK = Course(seconds=(FOREVER, FOREVER))
"""Pods never become ready, and the update stays InProgress (source: aws/containers-roadmap#2242)."""

CANCELLED = Course(ends="Cancelled", keeps=False)

TOO_FEW_REPLICAS = Problem(
    "InsufficientNumberOfReplicas",
    "The add-on is unhealthy because it doesn't have the desired number of replicas.",
)


def fails(
    error: Problem = TOO_FEW_REPLICAS, *, keeps: bool = True, status: str = "DEGRADED", lasts: float = FOREVER
) -> Course:
    """A failed update is not rolled back: usually the new configuration remains stored.

    Source: hashicorp/terraform-provider-aws#49104.
    """
    issues = () if status == "ACTIVE" else (error,)
    return Course(ends="Failed", errors=(error,), keeps=keeps, status=status, issues=issues, lasts=lasts)


def degrades(issue: Problem = TOO_FEW_REPLICAS, *, lasts: float = FOREVER) -> Course:
    """The update succeeds, but the add-on is unhealthy afterwards."""
    return Course(status="DEGRADED", issues=(issue,), lasts=lasts)


@dataclass(frozen=True, slots=True)
class Lag:
    """Seconds for which DescribeAddon returns the old state after UpdateAddon."""

    status: float = 0.0
    document: float = 0.0


class UpdateOrder(StrEnum):
    """Order of ListUpdates, which is not documented."""

    ARBITRARY = "arbitrary"
    NEWEST_FIRST = "newest-first"
    OLDEST_FIRST = "oldest-first"


@dataclass(frozen=True, slots=True)
class Habits:
    """Behaviour that EKS does not guarantee, so that clients must handle each variant.

    Attributes:
        honours_tokens: A repeated clientRequestToken returns the update that it started.
        fresh_id_reads: DescribeUpdate calls that return 404 for a new id.
        old_document_reads: DescribeAddon calls after an update that return the previous document.
    """

    honours_tokens: bool = True
    order: UpdateOrder = UpdateOrder.ARBITRARY
    fresh_id_reads: int = 0
    old_document_reads: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """Durations in seconds, and other behaviour that can vary.

    Attributes:
        regrow: From the end of an update until EKS's autoscaler restores the replicas.
    """

    update: tuple[float, float] = (20.0, 40.0)
    create: float = 30.0
    delete: float = 15.0
    regrow: float = 60.0
    lag: Lag = Lag()
    habits: Habits = Habits()


def duration(course: Course, pace: Pace, dice: Random) -> float:
    """Draw the duration of an update in seconds."""
    low, high = course.seconds or pace.update
    return low if low == high else dice.uniform(low, high)
