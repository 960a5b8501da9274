"""Errors and conflicts that AWS and Kubernetes report without one of their parts."""

import pytest

from eksaddon.domain.cause import Cause, labelled
from eksaddon.domain.kube.apply_answer import ApplyConflict, FieldConflict
from eksaddon.domain.observed import HealthIssue
from eksaddon.domain.update import UpdateError, UpdateRecord


@pytest.mark.parametrize(
    ("code", "message", "text"),
    [
        ("AccessDenied", "no role", "AccessDenied: no role"),
        ("", "no role", "no role"),
        ("AccessDenied", "", "AccessDenied"),
        ("", "", "no reason given"),
    ],
)
def test_an_issue_has_no_separator_without_both_parts(code: str, message: str, text: str) -> None:
    assert labelled(code, message) == text
    assert str(HealthIssue(code, message)) == text
    assert str(UpdateError(code, message)) == text


def test_an_update_error_without_a_code_is_its_message() -> None:
    trouble = UpdateRecord("u1", "Failed", errors=(UpdateError("", "it went wrong"),)).trouble
    assert (trouble.cause, trouble.message) == (Cause.UPDATE_FAILED, "it went wrong")


def test_a_conflict_without_fields_says_so_and_does_not_recommend_force() -> None:
    assert ApplyConflict(()).owners == "the API server reports a conflict and names no field"
    assert ApplyConflict(()).remedy == "run again"


def test_a_conflict_names_each_field_with_its_manager() -> None:
    conflict = ApplyConflict((FieldConflict("helm", ".spec.replicas"), FieldConflict("argo", ".spec.paused")))
    assert conflict.owners == ".spec.replicas is managed by helm; .spec.paused is managed by argo"
    assert "--force-conflicts" in conflict.remedy
