"""Makes clients light: a third of the memory and half of the time that botocore takes for one.

Every client gets a copy of all event handlers of its session, and a method with its documentation for
each of the service's operations. A fleet has a client for each account and region.
"""

from typing import Any

from botocore.handlers import BUILTIN_HANDLERS, REGISTER_FIRST, REGISTER_LAST
from botocore.session import Session

EKS_METHODS = frozenset(
    {
        "describe_addon",
        "describe_addon_configuration",
        "describe_cluster",
        "describe_update",
        "list_addons",
        "list_clusters",
        "list_updates",
        "update_addon",
    }
)
"""All that an EKS client can do; what is not here cannot be called by mistake."""

_OTHERS = frozenset(
    {
        "apigateway",
        "cloudformation",
        "cloudsearchdomain",
        "cloudwatch",
        "docdb",
        "ec2",
        "glacier",
        "machinelearning",
        "mturk",
        "neptune",
        "polly",
        "rds",
        "route53",
        "s3",
        "s3-control",
    }
)
"""Services that neither we nor the SDK's own sign-in talk to."""


def register_handlers(session: Session) -> None:
    """Give a session without built-in handlers those that concern us."""
    events = session.get_component("event_emitter")
    register = {REGISTER_FIRST: events.register_first, REGISTER_LAST: events.register_last}
    for name, handler, *order in BUILTIN_HANDLERS:
        if not _is_foreign(name):
            register.get(order[0] if order else None, events.register)(name, handler)
    events.register("creating-client-class.eks", _keep_methods)


def _is_foreign(event: str) -> bool:
    what, _, rest = event.partition(".")
    return what == "docs" or rest.partition(".")[0] in _OTHERS


def _keep_methods(class_attributes: dict[str, Any], **_: object) -> None:
    for method in class_attributes["_PY_TO_OP_NAME"]:
        if method not in EKS_METHODS:
            del class_attributes[method]
