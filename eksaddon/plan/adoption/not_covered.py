"""Live settings of CoreDNS without a key of the add-on, and the effect of an adoption on them; pure."""

from collections.abc import Iterator, Mapping

from eksaddon.corefile import parse
from eksaddon.corefile.syntax.tokens import ImportKind
from eksaddon.domain.adoption import Manifests, member
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import Json
from eksaddon.domain.workload import STOCK_GRACE_SECONDS, Scaler
from eksaddon.plan.adoption import eks_defaults
from eksaddon.plan.adoption.import_values import NAME, container, is_same, pod, sequence

STAYS = "EKS's manifest does not contain it and leaves it unchanged"


def left_behind(found: Manifests, version: str) -> Iterator[Diagnostic]:
    yield from _selector(found)
    yield from _image(found, version)
    yield from _pods(found)
    yield from _config(found)
    yield from _around(found)


def image_of(found: Manifests) -> str:
    return str(container(found).get("image") or "")


def is_image_of(image: str, version: str) -> bool:
    """Whether it is EKS's image of an add-on version, from any of EKS's registries."""
    return image.endswith(f"/eks/coredns:{version}")


def _selector(found: Manifests) -> Iterator[Diagnostic]:
    live = member(found.deployment, "spec", "selector")
    if not is_same(live, {"matchLabels": eks_defaults.SELECTOR}):
        selector = ", ".join(f"{key}={value}" for key, value in eks_defaults.SELECTOR.items())
        yield Diagnostic(
            Severity.ERROR,
            "adopt-selector",
            "the Deployment's selector differs from EKS's, and a selector is immutable",
            f"create a second Deployment with selector {selector}, then delete the old one once the "
            "new pods answer",
        )
    if not container(found):
        summary = f"the Deployment has no container named {NAME}: EKS would add a second container"
        yield Diagnostic(Severity.ERROR, "adopt-container", summary, f"rename the container to {NAME} first")


def _image(found: Manifests, version: str) -> Iterator[Diagnostic]:
    image = image_of(found)
    if not image or "/eks/coredns:" in image:
        return
    summary = f"the image {image} is not from EKS and will be replaced by EKS's build of {version}"
    missed = "plugins that only this image contains will be missing"
    yield Diagnostic(Severity.WARNING, "adopt-image", summary, missed)


def _pods(found: Manifests) -> Iterator[Diagnostic]:
    spec, own = pod(found), container(found)
    others = [str(each.get("name")) for each in sequence(spec.get("containers")) if each.get("name") != NAME]
    starting = [str(each.get("name")) for each in sequence(spec.get("initContainers"))]
    volumes = [str(each.get("name")) for each in sequence(spec.get("volumes"))]
    yield from _stay("containers", others + starting)
    yield from _stay("volumes", [name for name in volumes if name not in eks_defaults.VOLUMES])
    yield from _stay("env", [str(each.get("name")) for each in sequence(own.get("env"))])
    yield from _stay("envFrom", ["of the container"] if own.get("envFrom") else [])
    if own.get("command"):
        yield _not_carried("command", own.get("command"), STAYS)
    live = found.workload
    if (live.grace_seconds, live.pre_stop_seconds) != (STOCK_GRACE_SECONDS, 0):
        summary = (
            f"grace period {live.grace_seconds} s and preStop {live.pre_stop_seconds} s stay in the "
            "Deployment"
        )
        way_on = (
            "the add-on's schema does not contain them; set them in the fleet file and `eksdns apply` "
            "manages them"
        )
        yield Diagnostic(Severity.INFO, "adopt-stays", summary, way_on)
    if live.other_pre_stop:
        summary = f"the {live.other_pre_stop} preStop hook stays, but EKS's image has no shell"
        yield Diagnostic(Severity.WARNING, "adopt-stays", summary, "use a sleep hook instead: --pre-stop")


def _stay(what: str, names: list[str]) -> Iterator[Diagnostic]:
    if names:
        summary = f"{what} not from EKS: {', '.join(names)}"
        yield Diagnostic(Severity.WARNING, "adopt-stays", summary, STAYS)


def _config(found: Manifests) -> Iterator[Diagnostic]:
    data = member(found.config or {}, "data")
    files = sorted(key for key in data if key != "Corefile")
    if files:
        summary = f"the ConfigMap contains more than the Corefile: {', '.join(files)}"
        yield Diagnostic(Severity.WARNING, "adopt-stays", summary, STAYS)
    mounted = [each for each in sequence(pod(found).get("volumes")) if each.get("name") == "config-volume"]
    items = [str(item.get("key")) for each in mounted for item in sequence(_items(each))]
    if more := [key for key in items if key != "Corefile"]:
        why = "EKS's manifest lists only the Corefile, and the list is a single field"
        yield _not_carried("files mounted in addition to the Corefile", ", ".join(more), why)
    imports = parse(found.workload.corefile or "").imports
    if files_wanted := sorted({one.name for one in imports if one.kind is not ImportKind.SNIPPET}):
        summary = f"the Corefile imports {', '.join(files_wanted)}, which the add-on's schema cannot contain"
        yield Diagnostic(
            Severity.WARNING, "adopt-import", summary, "move their content into the Corefile first"
        )


def _items(volume: Mapping[str, Json]) -> Json:
    return member(volume, "configMap").get("items")


def _around(found: Manifests) -> Iterator[Diagnostic]:
    live = found.workload
    for each in live.scalers:
        yield Diagnostic(
            Severity.WARNING,
            "adopt-scaler",
            f"{_scaling(each)}: every add-on update first resets replicas to replicaCount {live.replicas}",
            "delete it and enable the add-on's autoScaling, or update during low traffic",
        )
    names = [each.name for each in live.budgets]
    if not names:
        summary = "no PodDisruptionBudget selects the pods; EKS adds one with maxUnavailable 1"
        yield Diagnostic(Severity.INFO, "adopt-added", summary)
    elif names != [NAME]:
        summary = f"the PodDisruptionBudget {', '.join(names)} stays, and the add-on's own is disabled"
        hint = "two budgets that select the same pods block evictions"
        yield Diagnostic(Severity.WARNING, "adopt-stays", summary, hint)


def _scaling(each: Scaler) -> str:
    if each.least is None or each.most is None:
        return f"{each} scales the replicas"
    return f"{each} scales between {each.least} and {each.most} replicas"


def _not_carried(what: str, value: Json, why: str) -> Diagnostic:
    return Diagnostic(Severity.WARNING, "adopt-not-carried", f"{what}: {value}", why)
