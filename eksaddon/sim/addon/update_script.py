"""How an add-on update goes, and how fast the simulated EKS is."""

import math
from dataclasses import dataclass
from enum import StrEnum
from random import Random

FOREVER = math.inf


@dataclass(frozen=True, slots=True)
class Problem:
    """A health issue of an add-on, or an error of an update."""

    code: str
    message: str
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """The way of one update from its start.

    Attributes:
        seconds: Until it ends, drawn between the two; None for the simulator's usual time.
        shows: The add-on's status meanwhile.
        word: The update's status meanwhile; EKS may use words that no model lists yet.
        ends: The update's status at the end.
        errors: The update's errors at the end.
        keeps: Whether the new configuration stays where the update did not succeed.
        status: The add-on's status after the end.
        lasts: Seconds until that status turns ACTIVE without issues.
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
"""Pods never get ready, and the update stays InProgress (source: aws/containers-roadmap#2242)."""

CANCELLED = Course(ends="Cancelled", keeps=False)

TOO_FEW_REPLICAS = Problem(
    "InsufficientNumberOfReplicas",
    "The add-on is unhealthy because it doesn't have the desired number of replicas.",
)


def fails(
    error: Problem = TOO_FEW_REPLICAS, *, keeps: bool = True, status: str = "DEGRADED", lasts: float = FOREVER
) -> Course:
    """Failed is not rolled back: as a rule the new configuration stays.

    Source: hashicorp/terraform-provider-aws#49104.
    """
    issues = () if status == "ACTIVE" else (error,)
    return Course(ends="Failed", errors=(error,), keeps=keeps, status=status, issues=issues, lasts=lasts)


def degrades(issue: Problem = TOO_FEW_REPLICAS, *, lasts: float = FOREVER) -> Course:
    """The update succeeds, but the add-on is not healthy afterwards."""
    return Course(status="DEGRADED", issues=(issue,), lasts=lasts)


@dataclass(frozen=True, slots=True)
class Lag:
    """For how many seconds after UpdateAddon a DescribeAddon still tells the old story."""

    status: float = 0.0
    document: float = 0.0


class UpdateOrder(StrEnum):
    """Of ListUpdates, which documents none."""

    ARBITRARY = "arbitrary"
    NEWEST_FIRST = "newest-first"
    OLDEST_FIRST = "oldest-first"


@dataclass(frozen=True, slots=True)
class Habits:
    """What EKS does not promise, and so may do one way or the other.

    Attributes:
        honours_tokens: A repeated clientRequestToken is answered with the update that it began.
        fresh_id_reads: DescribeUpdate calls that answer 404 for an id that was just given out.
        old_document_reads: DescribeAddon calls after an update that still show the document before it.
    """

    honours_tokens: bool = True
    order: UpdateOrder = UpdateOrder.ARBITRARY
    fresh_id_reads: int = 0
    old_document_reads: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things take, in seconds, and what else EKS may do as it likes.

    Attributes:
        regrow: After an update's end, until EKS' autoscaler has replicas back where it wants them.
    """

    update: tuple[float, float] = (20.0, 40.0)
    create: float = 30.0
    delete: float = 15.0
    regrow: float = 60.0
    lag: Lag = Lag()
    habits: Habits = Habits()


def duration(course: Course, pace: Pace, dice: Random) -> float:
    """Draw how many seconds an update takes."""
    low, high = course.seconds or pace.update
    return low if low == high else dice.uniform(low, high)
