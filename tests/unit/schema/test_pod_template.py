"""The pod template as an add-on update will make it."""

import pytest

from eksaddon.domain.json import JsonObject
from eksaddon.schema.pod_template import template_patch

REPLACE: JsonObject = {"$patch": "replace"}
TOLERATION: JsonObject = {"operator": "Exists"}


@pytest.mark.parametrize(
    ("after", "template"),
    [
        ({"tolerations": [TOLERATION]}, {"spec": {"tolerations": [TOLERATION]}}),
        ({"topologySpreadConstraints": [{}]}, {"spec": {"topologySpreadConstraints": [REPLACE, {}]}}),
        ({"topologySpreadConstraints": 5}, {"spec": {"topologySpreadConstraints": 5}}),
        ({"tolerations": []}, {"spec": {"tolerations": []}}),
        ({"affinity": {"podAffinity": {}}}, {"spec": {"affinity": {**REPLACE, "podAffinity": {}}}}),
        ({"nodeSelector": {"a": "b"}}, {"spec": {"nodeSelector": {**REPLACE, "a": "b"}}}),
        ({"podLabels": {"a": "b"}}, {"metadata": {"labels": {"a": "b"}}}),
        ({"podAnnotations": {"a": "b"}}, {"metadata": {"annotations": {"a": "b"}}}),
        (
            {"resources": {"limits": {"memory": "1Gi"}}, "podLabels": {"a": "b"}},
            {
                "metadata": {"labels": {"a": "b"}},
                "spec": {
                    "containers": [{"name": "coredns", "resources": {"limits": {"memory": "1Gi"}}}],
                },
            },
        ),
    ],
)
def test_changed_keys_become_fields_of_the_template(after: JsonObject, template: JsonObject) -> None:
    assert template_patch({"replicaCount": 2}, {"replicaCount": 3, **after}) == {
        "spec": {"template": template}
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"replicaCount": 3}),
        ({"tolerations": [TOLERATION]}, {"tolerations": [TOLERATION]}),
        ({"tolerations": [TOLERATION]}, {}),
        ({}, {"resources": 5}),
    ],
)
def test_an_update_of_other_keys_needs_no_try(before: JsonObject, after: JsonObject) -> None:
    assert template_patch(before, after) is None
