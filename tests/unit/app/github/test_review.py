"""Which plan was reviewed, and whether the one to apply is the same."""

from dataclasses import replace

import pytest

from eksaddon.app.github.review import (
    MOST_LINES,
    Found,
    NoPlan,
    NoReview,
    Other,
    Same,
    Sought,
    Unknown,
    compared,
    comparison_markdown,
    review_from,
    review_of_commit,
)
from eksaddon.domain.conversation import Comment
from eksaddon.domain.errors import EksdnsError
from eksaddon.report.formats.github_comment import Origin, Reviewed, conversation_text, marker
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.reviewed import review_digest
from eksaddon.report.render import Planned, report_model_of
from tests.support.report.reports import REPLICAS, fleet_plan

MARK, BOT = marker("comment", "plan"), "github-actions[bot]"
PLAN = report_model_of(Planned(fleet_plan(6)))
REVIEWED = Reviewed(review_digest(PLAN), 42, "eksdns-report-1")
COMMENT = Comment(1, conversation_text(PLAN, MARK, Origin(run=42, artifact="eksdns-report-1")), BOT)
SOUGHT = Sought("merge", "main", "eksdns.yaml", MARK, BOT)


class History:
    """Pull requests with their comments, by the commits that they became."""

    def __init__(self, pulls: dict[str, tuple[int, ...]], comments: dict[int, Comment]) -> None:
        self.pulls, self.known = pulls, comments

    def last_commit(self, path: str, commit: str) -> str:
        assert (path, commit) == ("eksdns.yaml", "merge")
        return "older"

    def merged_pull_requests(self, commit: str, branch: str) -> tuple[int, ...]:
        assert branch == "main"
        return self.pulls.get(commit, ())

    def comments(self, pull_request: int) -> list[Comment]:
        return [self.known[pull_request]] if pull_request in self.known else []


def review(pulls: dict[str, tuple[int, ...]], comments: dict[int, Comment]) -> object:
    return review_of_commit(History(pulls, comments), SOUGHT)  # type: ignore[arg-type]  # as much as is used


def test_the_comment_of_the_pull_request_of_the_commit_counts():
    assert review({"merge": (7,)}, {7: COMMENT}) == Found(7, REVIEWED)


def test_else_that_of_the_last_change_to_the_fleet_file():
    assert review({"older": (5,)}, {5: COMMENT}) == Found(5, REVIEWED)
    assert review({"merge": (9,), "older": (5,)}, {5: COMMENT}) == Found(5, REVIEWED)


def test_comments_of_others_and_comments_without_a_plan_are_no_review():
    assert review({"merge": (7,)}, {7: replace(COMMENT, author="mallory")}) == NoPlan(7)
    assert review({"merge": (7,)}, {7: replace(COMMENT, body=f"{MARK}\nout of date")}) == NoPlan(7)
    assert review({}, {}) == NoReview()


def test_a_browser_that_added_carriage_returns_changes_nothing():
    body = COMMENT.body.replace("\n", "\r\n")
    assert review({"merge": (7,)}, {7: replace(COMMENT, body=body)}) == Found(7, REVIEWED)


def test_outputs_of_another_step_give_the_review_again():
    assert review_from("7", REVIEWED.digest, 42, "eksdns-report-1") == Found(7, REVIEWED)
    assert (review_from("7", "", 0, ""), review_from("", "", 0, "")) == (NoPlan(7), NoReview())
    with pytest.raises(EksdnsError, match="invalid --pull-request 'x'"):
        review_from("x", "", 0, "")


def other_plan() -> ReportModel:
    changed = replace(REPLICAS, after=9)
    return replace(PLAN, entries=tuple(replace(one, changes=(changed,)) for one in PLAN.entries))


def test_the_same_plan_needs_no_report_but_another_one_does_to_show_the_difference():
    found = Found(7, REVIEWED)
    assert compared(found, None, PLAN) == compared(found, PLAN, PLAN) == Same(7)
    late = compared(found, None, other_plan())
    assert isinstance(late, Other)
    assert "artifact eksdns-report-1 of run 42" in late.lines[1]
    shown = compared(found, PLAN, other_plan())
    assert isinstance(shown, Other)
    assert "replicaCount 2 -> 9: not reviewed" in shown.lines[0]


def test_a_report_that_does_not_have_the_digest_of_the_comment_is_not_the_review():
    forged = Found(7, replace(REVIEWED, digest=f"sha256:{'0' * 64}"))
    result = compared(forged, PLAN, PLAN)
    assert isinstance(result, Other)
    assert "is not the one of the comment" in result.lines[0]


def test_reviewed_changes_that_are_in_place_are_the_same_plan():
    done = replace(PLAN, entries=tuple(replace(one, state="inSync", changes=()) for one in PLAN.entries))
    assert compared(Found(7, REVIEWED), PLAN, done) == Same(7)


def test_without_a_pull_request_nothing_is_compared_and_without_a_comment_nothing_is_the_same():
    assert compared(NoReview(), None, PLAN) == Unknown()
    assert compared(NoPlan(7), None, PLAN) == Other(7, ("the pull request has no comment with a plan",))


def test_the_summary_escapes_and_counts_what_it_leaves_out():
    text = comparison_markdown(Other(7, ("<img> @ann", *("x" for _ in range(MOST_LINES + 1)))))
    assert "- `<img> @ann`\n" in text
    assert text.endswith("- and 2 more differences\n\n")
    assert "reviewed in #7" in comparison_markdown(Same(7))
    assert "was not reviewed" in comparison_markdown(Unknown())
