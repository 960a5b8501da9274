"""The commit of the program, from which `init --github` calls workflows."""

import json

import pytest

from eksaddon.app.release import cloned_commit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def direct_url(url: str, commit: object = COMMIT) -> str:
    return json.dumps({"url": url, "vcs_info": {"vcs": "git", "commit_id": commit}})


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/eksdns/eksdns",
        "https://github.com/eksdns/eksdns.git",
        "ssh://git@github.com/eksdns/eksdns.git",
    ],
)
def test_an_installation_from_the_repository_knows_its_commit(url):
    assert cloned_commit(direct_url(url)) == COMMIT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        direct_url("https://github.com/mallory/eksdns"),
        direct_url("https://github.com.mallory.example/eksdns/eksdns"),
        direct_url("file:///home/ann/eksdns"),
        direct_url("https://github.com/eksdns/eksdns", "main"),
        direct_url("https://github.com/eksdns/eksdns", None),
        json.dumps({"url": "https://github.com/eksdns/eksdns", "archive_info": {}}),
    ],
)
def test_any_other_installation_does_not(text):
    """Workflows of a fork, or of a commit that nobody else has, must not be called by accident."""
    assert cloned_commit(text) == ""
