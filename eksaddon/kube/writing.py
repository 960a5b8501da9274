"""Sends what eksdns writes to the Deployment: one apply, after a patch where an apply is not enough."""

from lightkube import Client
from lightkube.resources.apps_v1 import Deployment
from lightkube.types import PatchType

from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.kube.readiness import PROBE
from eksaddon.domain.plan import WorkloadWrite
from eksaddon.kube.hooks import has_hook, removal, with_hook_replaced
from eksaddon.kube.network.sends import Sends
from eksaddon.kube.pods import NAME

MANAGER = "eksdns"


def send(
    client: Client, write: WorkloadWrite, namespace: str, sends: Sends, *, force: bool, dry_run: bool
) -> Deployment:
    """One apply, after the removal of a handler that an apply could not replace.

    Args:
        sends: Watches the requests that write.
    """
    if write.replaces_hook and dry_run:
        return merge(client, with_hook_replaced(applied(write)), namespace, dry_run=True)
    if not dry_run:  # applying to a Deployment that is not there would create one
        live = client.get(Deployment, NAME, namespace=namespace)
        if write.replaces_hook and has_hook(live):
            sends.watch(lambda: merge(client, removal(live), namespace, dry_run=False))
    return sends.watch(lambda: _patch(client, write, namespace, force=force, dry_run=dry_run))


def merge(client: Client, document: JsonObject, namespace: str, *, dry_run: bool) -> Deployment:
    return client.patch(
        Deployment,
        NAME,
        dict(document),
        namespace=namespace,
        patch_type=PatchType.STRATEGIC,
        field_manager=MANAGER,
        dry_run=dry_run,
    )


def _patch(client: Client, write: WorkloadWrite, namespace: str, *, force: bool, dry_run: bool) -> Deployment:
    """Send a server-side apply, which is idempotent."""
    return client.patch(
        Deployment,
        NAME,
        dict(applied(write)),
        namespace=namespace,
        patch_type=PatchType.APPLY,
        field_manager=MANAGER,
        force=force,
        dry_run=dry_run,
    )


def applied(write: WorkloadWrite) -> JsonObject:
    """The document of an apply; contains all fields, because the API server validates them together."""
    pod: dict[str, Json] = {}
    if write.grace_seconds is not None:
        pod["terminationGracePeriodSeconds"] = write.grace_seconds
    container: dict[str, Json] = {}
    if write.pre_stop_seconds:
        container["lifecycle"] = {"preStop": {"sleep": {"seconds": write.pre_stop_seconds}}}
    if not write.readiness.is_empty:
        container[PROBE] = {path.removeprefix(f"{PROBE}."): value for path, value in write.readiness.items}
    if container:
        pod["containers"] = [{"name": NAME, **container}]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": NAME},
        "spec": {"template": {"spec": pod}},
    }
