"""What the caller may do, by the API server's own account."""

from lightkube import Client
from lightkube.models.authorization_v1 import ResourceAttributes, SelfSubjectAccessReviewSpec
from lightkube.resources.authorization_v1 import SelfSubjectAccessReview

from eksaddon.kube.pods import NAME

GROUPS = {"deployments": "apps", "poddisruptionbudgets": "policy"}


def may(client: Client, verb: str, resource: str, namespace: str, name: str = NAME) -> bool:
    """One SelfSubjectAccessReview, which every user may create; raises as every other call."""
    attributes = ResourceAttributes(
        group=GROUPS.get(resource, ""), name=name, namespace=namespace, resource=resource, verb=verb
    )
    review = SelfSubjectAccessReview(SelfSubjectAccessReviewSpec(resourceAttributes=attributes))
    answered = client.create(review)
    return bool(answered.status and answered.status.allowed)
