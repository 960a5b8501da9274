"""Label selectors of Kubernetes objects; pure.

Source: apimachinery pkg/labels/selector.go: NotIn also matches an object without the key.
"""

from collections.abc import Mapping

from lightkube.models.meta_v1 import LabelSelector, LabelSelectorRequirement


def selects(selector: LabelSelector | None, labels: Mapping[str, str]) -> bool:
    """Whether a selector matches; an empty one matches everything, none matches nothing."""
    if selector is None:
        return False
    expressions = selector.matchExpressions or ()
    exact = (selector.matchLabels or {}).items()
    return all(labels.get(key) == value for key, value in exact) and all(
        _holds(each, labels) for each in expressions
    )


def _holds(expression: LabelSelectorRequirement, labels: Mapping[str, str]) -> bool:
    """Whether an expression matches; one of an unknown operator is assumed to."""
    found, values = labels.get(expression.key), expression.values or ()
    match expression.operator:
        case "In":
            return found in values
        case "NotIn":
            return found not in values
        case "Exists":
            return found is not None
        case "DoesNotExist":
            return found is None
        case _:
            return True
