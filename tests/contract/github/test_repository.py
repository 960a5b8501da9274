"""Our client against a stand-in for GitHub: pages, limits, lost answers, refusals."""

import pytest

from eksaddon.domain.conversation import UnansweredError
from eksaddon.domain.errors import EksdnsError
from eksaddon.github.errors import GitHubError
from eksaddon.github.repository import Repository
from eksaddon.github.rest import ATTEMPTS, LONGEST_WAIT, Rest
from tests.support.github.api import LOST, REPOSITORY, TOKEN, found, once, refusal
from tests.support.network.loopback import Reply, Reset

LABEL = "eksdns-drift"


def test_comments_are_read_page_by_page_and_no_further_than_needed(peer):
    for number in range(250):
        peer.github.add_comment(7, f"comment {number}")
    assert next(peer.repository.comments(7)).body == "comment 0"
    assert len(peer.github.asked("GET")) == 1
    assert [one.body for one in peer.repository.comments(7)] == [f"comment {n}" for n in range(250)]
    assert len(peer.github.asked("GET")) == 1 + 3


def test_a_comment_is_made_and_edited(peer):
    made = peer.repository.add_comment(7, "one")
    assert peer.repository.edit_comment(made.id, "two").body == "two"
    assert [one["body"] for one in peer.github.comments[7]] == ["two"]


def test_issues_are_the_newest_first_and_no_pull_request(peer):
    peer.github.add_issue("old", "", label=LABEL, state="closed")
    peer.github.add_issue("other", "", label="bug")
    peer.github.add_issue("new", "", label=LABEL)
    peer.github.add_issue("a pull request", "", label=LABEL)
    peer.github.issues[-1]["pull_request"] = {}
    assert [(one.title, one.is_open) for one in peer.repository.issues(LABEL)] == [
        ("new", True),
        ("old", False),
    ]


def test_an_author_who_left_has_no_name(peer):
    peer.github.add_comment(7, "x")["user"] = None
    assert next(peer.repository.comments(7)).author == ""


def test_a_lost_answer_to_a_question_is_asked_for_again(peer):
    peer.github.add_comment(7, "here")
    peer.github.interrupt = once(LOST)
    assert next(peer.repository.comments(7)).body == "here"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_that_fails_is_asked_again_and_then_abandoned(peer, status):
    peer.github.interrupt = lambda _: refusal(status, "Server Error")
    with pytest.raises(GitHubError, match=f"{status} Server Error"):
        peer.repository.ids()
    assert len(peer.github.asked("GET")) == ATTEMPTS
    assert peer.slept == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("answer", [LOST, refusal(502, "Bad Gateway")])
def test_creating_requests_are_never_repeated_blindly(peer, answer):
    peer.github.late = once(answer, method="POST")
    with pytest.raises(UnansweredError):
        peer.repository.add_comment(7, "once")
    assert len(peer.github.asked("POST")) == 1
    assert len(peer.github.comments[7]) == 1


@pytest.mark.parametrize(
    ("answer", "waited"),
    [
        (refusal(403, "You have exceeded a secondary rate limit"), LONGEST_WAIT),
        (refusal(429, "slow down", retry_after="7"), 7.0),
        (refusal(403, "limit", retry_after="3"), 3.0),
    ],
)
def test_a_rate_limit_is_waited_for_as_asked_even_before_a_write(peer, answer, waited):
    peer.github.interrupt = once(answer, method="POST")
    assert peer.repository.add_comment(7, "x").body == "x"
    assert peer.slept == [waited]


def test_a_limit_that_lasts_ends_the_job(peer):
    peer.github.interrupt = lambda _: refusal(429, "slow down", retry_after="3600")
    with pytest.raises(GitHubError, match="slow down"):
        peer.repository.ids()
    assert peer.slept == []


def test_a_spent_quota_is_waited_for_until_its_reset(peer):
    peer.github.interrupt = once(
        refusal(403, "API rate limit exceeded", x_ratelimit_remaining="0", x_ratelimit_reset="1")
    )
    assert peer.repository.ids().id == 456
    assert peer.slept == [1.0]


@pytest.mark.parametrize(
    ("answer", "said", "hint"),
    [
        (refusal(401, "Bad credentials"), "401 Bad credentials", "GITHUB_TOKEN"),
        (refusal(403, "Resource not accessible by integration"), "403 Resource", "permissions"),
        (refusal(404, "Not Found"), "404 Not Found", "repository"),
        (refusal(410, "Issues are disabled"), "410 Issues", "enable them in its settings"),
        (refusal(301, "Moved", location="https://elsewhere.invalid/x"), "moved to", "current name"),
        (Reply(b"<html>", 403), "403", "permissions"),
        (Reply(b"<html>", 200), "not valid JSON", "GITHUB_API_URL"),
        (found([1]), "expected a JSON object", "run the job again"),
        (found({"id": "x", "owner": {"id": 1}}), "id is not a number", "run the job again"),
        (refusal(403, "\x1b[31mred\nline"), r"\\x1b\[31mred\\nline", "permissions"),
    ],
)
def test_refusals_and_odd_answers_are_reported_with_a_remedy(peer, answer, said, hint):
    peer.github.interrupt = lambda _: answer
    with pytest.raises(EksdnsError, match=said) as caught:
        peer.repository.ids()
    assert hint in caught.value.hint
    assert TOKEN not in caught.value.message


def test_an_invalid_list_is_an_error(peer):
    peer.github.interrupt = lambda _: found({"message": "hi"})
    with pytest.raises(GitHubError, match="is not a list"):
        next(peer.repository.comments(7))


def test_the_token_does_not_follow_a_redirect(peer):
    peer.github.interrupt = lambda _: refusal(302, "", location=f"{peer.github.url}/elsewhere")
    with pytest.raises(GitHubError, match="moved"):
        peer.repository.ids()
    assert [seen.path for seen in peer.github.asked("GET")] == [f"/repos/{REPOSITORY}"]


@pytest.mark.parametrize("url", ["http://example.com", "ftp://localhost", "file:///etc/passwd", "", "//x"])
def test_the_token_is_never_shown_in_plain_text(url):
    with pytest.raises(EksdnsError, match="does not use https"):
        Rest(url, TOKEN)
    assert TOKEN not in repr(Rest("https://api.github.com", TOKEN))


@pytest.mark.parametrize("name", ["", "acme", "acme/dns/x", "acme/../dns", "acme/d ns", "a/b?c=d", "a/b#c"])
def test_only_a_name_becomes_part_of_a_path(name):
    with pytest.raises(EksdnsError, match="expected owner/name"):
        Repository(Rest(), name)


def test_environments_and_numbers_of_a_repository(peer):
    ids = peer.repository.ids()
    assert (ids.owner, ids.name, ids.owner_id, ids.id) == ("acme", "dns", 123, 456)
    assert peer.repository.environments() == ("eksdns-apply",)


def test_an_unreachable_server_is_an_error_with_a_hint(peer):
    peer.github.interrupt = lambda _: Reset()
    with pytest.raises(EksdnsError, match="no response") as caught:
        peer.repository.ids()
    assert "network" in caught.value.hint
