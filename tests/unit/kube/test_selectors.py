"""Which labels a selector matches."""

from typing import cast

import pytest
from lightkube.models.meta_v1 import LabelSelector

from eksaddon.kube.selectors import selects

LABELS = {"k8s-app": "kube-dns", "tier": "system"}


def expression(operator: str, key: str, *values: str) -> dict[str, object]:
    return {"matchExpressions": [{"key": key, "operator": operator, "values": list(values) or None}]}


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({}, True),
        ({"matchLabels": {"k8s-app": "kube-dns"}}, True),
        ({"matchLabels": {"k8s-app": "metrics-server"}}, False),
        (expression("In", "k8s-app", "kube-dns", "x"), True),
        (expression("In", "k8s-app", "metrics-server"), False),
        (expression("In", "absent", "x"), False),
        (expression("NotIn", "k8s-app", "metrics-server"), True),
        (expression("NotIn", "k8s-app", "kube-dns"), False),
        (expression("NotIn", "absent", "x"), True),
        (expression("Exists", "tier"), True),
        (expression("Exists", "absent"), False),
        (expression("DoesNotExist", "absent"), True),
        (expression("DoesNotExist", "tier"), False),
        (expression("Gt", "tier", "1"), True),
        ({"matchLabels": {"tier": "system"}, **expression("In", "k8s-app", "other")}, False),
    ],
)
def test_a_selector_matches_as_in_kubernetes(selector: dict[str, object], expected: bool) -> None:
    assert selects(cast("LabelSelector", LabelSelector.from_dict(selector)), LABELS) is expected


def test_no_selector_matches_nothing() -> None:
    assert not selects(None, LABELS)
