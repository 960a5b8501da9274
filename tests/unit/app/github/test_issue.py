"""When an issue about drift is opened, changed, closed, or let be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.app.github.issue import Close, Leave, Open, Update, Wanted, next_step
from eksaddon.app.github.names import WhenClosed
from eksaddon.domain.conversation import Issue

MARK = "<!-- eksdns:issue:drift -->"


def issue(*, is_open: bool, body: str = f"{MARK}\nold") -> Issue:
    return Issue(3, "eksdns: 1 cluster drifted", body, "github-actions[bot]", is_open)


def wanted(*, clean: bool = False, when_closed: WhenClosed = WhenClosed.NEW) -> Wanted:
    body = f"{MARK}\nnew"
    return Wanted("eksdns: 1 cluster drifted", body, MARK, "github-actions[bot]", clean, when_closed)


@pytest.mark.parametrize(
    ("found", "asked", "step"),
    [
        (None, wanted(), Open()),
        (None, wanted(clean=True), Leave("no drift")),
        (issue(is_open=True), wanted(), Update(issue(is_open=True))),
        (issue(is_open=True), wanted(clean=True), Close(issue(is_open=True))),
        (issue(is_open=False), wanted(clean=True), Leave("no drift")),
        (issue(is_open=False), wanted(), Open()),
        (issue(is_open=False), wanted(when_closed=WhenClosed.REOPEN), Update(issue(is_open=False))),
        (
            issue(is_open=False),
            wanted(when_closed=WhenClosed.QUIET),
            Leave("the issue was closed and is not reopened"),
        ),
    ],
)
def test_what_happens_to_the_issue(found, asked, step):
    assert next_step(found, asked) == step


@pytest.mark.parametrize("body", [f"{MARK}\nnew", f"{MARK}\r\nnew"])
def test_an_up_to_date_issue_is_not_written_again(body):
    assert isinstance(next_step(issue(is_open=True, body=body), wanted()), Leave)


@given(st.booleans(), st.sampled_from(WhenClosed))
def test_a_clean_report_never_opens_anything(is_open, when_closed):
    step = next_step(issue(is_open=is_open), wanted(clean=True, when_closed=when_closed))
    assert isinstance(step, Close if is_open else Leave)
