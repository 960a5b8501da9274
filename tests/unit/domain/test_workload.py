"""Owners of live fields, in words."""

import pytest

from eksaddon.domain.workload import EKS, OWN, Owner, by_whom


@pytest.mark.parametrize(
    ("owner", "words"),
    [
        (None, ""),
        (Owner(EKS, "Apply", 1.0), ""),
        (Owner(OWN, "Apply", 1.0), ""),
        (Owner("kubectl-edit", "Update", 0.0), " (kubectl-edit set it)"),
        (Owner("kubectl-edit", "Update", 1_767_225_600.0), " (kubectl-edit set it on 2026-01-01 00:00 UTC)"),
    ],
)
def test_only_other_managers_are_named(owner: Owner | None, words: str) -> None:
    assert by_whom(owner) == words
