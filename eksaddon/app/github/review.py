"""Finds the plan that was reviewed in a pull request, and compares it with the one to apply."""

from typing import assert_never

from eksaddon.app.github.comment import has_marker
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.frozen import dataclass
from eksaddon.ports.conversations import Conversations, History
from eksaddon.report.escape import code_span
from eksaddon.report.formats.github_comment import Reviewed, reviewed_in
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.reviewed import difference_text, differences, review_digest
from eksaddon.report.model.text import counted

MOST_LINES = 50
"""Differences that are listed; the others are counted."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A commit whose review is searched.

    Attributes:
        path: Of the fleet file, from the root of the repository.
        mark: First line of the comment with the plan.
        author: Comments of other logins are ignored.
    """

    commit: str
    branch: str
    path: str
    mark: str
    author: str


@dataclass(frozen=True, slots=True)
class NoReview:
    """No pull request brought the commit; nothing was reviewed."""


@dataclass(frozen=True, slots=True)
class NoPlan:
    """The pull request has no comment with a plan."""

    pull_request: int


@dataclass(frozen=True, slots=True)
class Found:
    pull_request: int
    reviewed: Reviewed


Review = NoReview | NoPlan | Found


def review_of_commit(history: History, sought: Sought) -> Review:
    """Find the review of a commit, else that of the last commit that changed the fleet file."""
    without: Review = NoReview()
    commits = (sought.commit, history.last_commit(sought.path, sought.commit))
    for commit in dict.fromkeys(filter(None, commits)):
        for number in history.merged_pull_requests(commit, sought.branch):
            review = review_in(history, number, sought.mark, sought.author)
            if isinstance(review, Found):
                return review
            without = review
    return without


def review_in(conversations: Conversations, pull_request: int, mark: str, author: str) -> Found | NoPlan:
    for comment in conversations.comments(pull_request):
        if comment.author == author and has_marker(comment.body, mark):
            reviewed = reviewed_in(comment.body)
            return Found(pull_request, reviewed) if reviewed else NoPlan(pull_request)
    return NoPlan(pull_request)


def review_from(pull_request: str, digest: str, run: int, artifact: str) -> Review:
    """The review from the outputs of another step.

    Raises:
        EksdnsError: The number of the pull request is not a number.
    """
    if not pull_request:
        return NoReview()
    if not pull_request.isdecimal():
        raise EksdnsError(
            f"invalid --pull-request {pull_request!r}", hint="expected a number", exit_code=ExitCode.USAGE
        )
    number = int(pull_request)
    return Found(number, Reviewed(digest, run, artifact)) if digest else NoPlan(number)


@dataclass(frozen=True, slots=True)
class Same:
    """The plan that was reviewed."""

    pull_request: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing to compare with, because the change did not come by a pull request."""


@dataclass(frozen=True, slots=True)
class Other:
    """Not the plan that was reviewed.

    Attributes:
        lines: Reasons, one line each.
    """

    pull_request: int
    lines: tuple[str, ...]


Comparison = Same | Unknown | Other


def compared(review: Review, report: ReportModel | None, now: ReportModel) -> Comparison:
    """Compare a plan with the reviewed one.

    Args:
        report: Report of the reviewed plan; None if it could not be read.
    """
    match review:
        case NoReview():
            return Unknown()
        case NoPlan(pull_request=number):
            return Other(number, ("the pull request has no comment with a plan",))
        case Found(pull_request=number, reviewed=reviewed):
            return _compared(number, reviewed, report, now)
        case _:
            assert_never(review)


def _compared(number: int, reviewed: Reviewed, report: ReportModel | None, now: ReportModel) -> Comparison:
    if report is not None and review_digest(report) != reviewed.digest:
        problem = (
            f"the report in {reviewed.artifact} of workflow run {reviewed.run} is not the one of the comment"
        )
        return Other(number, (problem,))
    if review_digest(now) == reviewed.digest:
        return Same(number)
    if report is None:
        problem = f"the reviewed report could not be read: artifact {reviewed.artifact} of run {reviewed.run}"
        return Other(number, (f"its digest is {review_digest(now)}, reviewed was {reviewed.digest}", problem))
    lines = tuple(map(difference_text, differences(report, now)))
    return Other(number, lines) if lines else Same(number)


def comparison_markdown(comparison: Comparison) -> str:
    """For the summary of the step."""
    match comparison:
        case Same(pull_request=number):
            return f"The plan is the one that was reviewed in #{number}.\n\n"
        case Unknown():
            return "No pull request brought this commit, so the plan was not reviewed.\n\n"
        case Other(pull_request=number, lines=lines):
            listed = "".join(f"- {code_span(line)}\n" for line in lines[:MOST_LINES])
            omitted = len(lines) - MOST_LINES
            more = f"- and {counted(omitted, 'more difference')}\n" if omitted > 0 else ""
            return f"### The plan is not the one that was reviewed in #{number}\n\n{listed}{more}\n"
        case _:
            assert_never(comparison)


def refuse(comparison: Other) -> EksdnsError:
    shown = "; ".join(comparison.lines[:3])
    return EksdnsError(
        f"the plan is not the one that was reviewed in #{comparison.pull_request}: {shown}",
        hint="have the new plan reviewed in a pull request, or start the workflow by hand with"
        " on-plan-change: continue",
        exit_code=ExitCode.REFUSED,
    )
