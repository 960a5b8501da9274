"""Saved adoptions: the previous live objects and the request to EKS, as a List for kubectl."""

import json
from collections.abc import Iterator
from pathlib import Path

from eksaddon.app.files.paths import is_folder, is_present
from eksaddon.app.files.private import write_private
from eksaddon.domain.adoption import Adoption, Manifests, member
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import SCHEMA_VERSION, Json, JsonObject
from eksaddon.domain.observed import Managed
from eksaddon.domain.target import Target
from eksaddon.frozen import dataclass
from eksaddon.plan.adoption.eks_defaults import REPLICAS

OWN = "eksdns"
"""An additional key of the List, which kubectl ignores."""

_OF_THE_SERVER = frozenset({"managedFields", "resourceVersion", "uid", "generation", "creationTimestamp"})
_DERIVED = frozenset(
    {"deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration"}
)


@dataclass(frozen=True, slots=True)
class SavedAdoption:
    """A saved adoption.

    Attributes:
        corefile: The live Corefile before the first write.
    """

    path: Path
    cluster: str
    version: str
    text: str
    corefile: str
    fingerprint: str
    resolve_conflicts: ResolveConflicts

    def matches_request(self, observed: Managed) -> bool:
        return (observed.version, observed.text) == (self.version, self.text)

    def resumed(self, target: Target, observed: Managed) -> Adoption:
        """The adoption as sent then, which is not sent again."""
        tree = _parsed(self.text)
        count = tree.get("replicaCount")
        return Adoption(
            target=target,
            kubernetes="",
            version=observed.version,
            text=self.text,
            corefile=str(tree.get("corefile") or ""),
            live_corefile=self.corefile,
            replicas=count if isinstance(count, int) else REPLICAS,
            resolve_conflicts=self.resolve_conflicts,
            fingerprint=self.fingerprint,
            values={key: value for key, value in tree.items() if key != "corefile"},
        )


def usual_path(folder: Path, plan: Adoption) -> Path:
    """Default path; the name is unique for each state of the live objects."""
    return folder / f"{_stem(str(plan.target.ref))}_{plan.fingerprint[:12]}.json"


def _stem(ref: str) -> str:
    return ref.replace("/", "_")


def save_adoption(path: Path, plan: Adoption, found: Manifests) -> None:
    """Save an adoption; called before any other write.

    Raises:
        EksdnsError: The file cannot be written, or another file exists there.
    """
    previous = _read(path)
    if is_present(path) and (previous is None or previous.fingerprint != plan.fingerprint):
        raise EksdnsError(
            f"{path} already exists and is not an adoption backup of this cluster",
            hint="choose another file with --save",
            exit_code=ExitCode.REFUSED,
        )
    record = {
        "kind": "adoption",
        "schemaVersion": SCHEMA_VERSION,
        "cluster": str(plan.target.ref),
        "addonVersion": plan.version,
        "configurationValues": plan.text,
        "resolveConflicts": plan.resolve_conflicts.value,
        "fingerprint": plan.fingerprint,
    }
    objects = [_bare(each) for each in found.objects]
    document = {"apiVersion": "v1", "kind": "List", "items": objects, OWN: record}
    write_private(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _bare(manifest: JsonObject) -> JsonObject:
    """Remove fields that the API server and its controllers add."""
    metadata = {
        key: value for key, value in member(manifest, "metadata").items() if key not in _OF_THE_SERVER
    }
    notes = {key: value for key, value in member(metadata, "annotations").items() if key not in _DERIVED}
    metadata.pop("annotations", None)
    fields: dict[str, Json] = {key: value for key, value in manifest.items() if key != "status"}
    return fields | {"metadata": {**metadata, **({"annotations": notes} if notes else {})}}


def saved_adoptions(place: Path, ref: str) -> Iterator[SavedAdoption]:
    """Saved adoptions of a cluster.

    Args:
        place: A file, or a folder with files with default names.
    """
    paths = sorted(place.glob(f"{_stem(ref)}_*.json")) if is_folder(place) else [place]
    for path in paths:
        found = _read(path)
        if found is not None and found.cluster == ref:
            yield found


def _read(path: Path) -> SavedAdoption | None:
    try:
        document = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
    except (OSError, ValueError):
        return None
    record = member(document, OWN) if isinstance(document, dict) else {}
    if record.get("kind") != "adoption":
        return None
    items = document.get("items")
    corefiles = (
        (member(each, "data").get("Corefile") for each in items) if isinstance(items, list) else iter(())
    )
    return SavedAdoption(
        path,
        cluster=str(record.get("cluster")),
        version=str(record.get("addonVersion")),
        text=str(record.get("configurationValues")),
        corefile=str(next((each for each in corefiles if each is not None), "")),
        fingerprint=str(record.get("fingerprint")),
        resolve_conflicts=ResolveConflicts.OVERWRITE
        if record.get("resolveConflicts") == ResolveConflicts.OVERWRITE
        else ResolveConflicts.NONE,
    )


def _parsed(text: str) -> JsonObject:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
