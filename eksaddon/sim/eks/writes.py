"""Amazon EKS: write operations of add-ons."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from eksaddon.domain.json import Json, JsonObject, digest
from eksaddon.domain.target import ClusterRef
from eksaddon.sim.addon.catalogue import COREDNS, RELEASES, default_version
from eksaddon.sim.addon.conflicts import conflicts, landing, rejected, takeover
from eksaddon.sim.addon.lifecycle import (
    Addon,
    Pending,
    PodIdentity,
    Stored,
    Update,
    begun,
    next_course,
    replicas,
    seen,
)
from eksaddon.sim.addon.update_script import SUCCEEDS, Course, Pace, duration
from eksaddon.sim.addon.values import REFUSED, Checker, Values, ValuesError, parse
from eksaddon.sim.api.request import ApiRequest, invalid
from eksaddon.sim.eks.documents import addon_document, update_document
from eksaddon.sim.eks.reads import UNSUPPORTED_VERSION, Operation
from eksaddon.sim.http.messages import RefusalError
from eksaddon.sim.kubernetes.snapshot import EKS, ClusterSnapshot, against, in_the_way, layered
from eksaddon.sim.resources import Estate
from eksaddon.sim.workload.fields import unflatten

MODES = ("OVERWRITE", "NONE", "PRESERVE")

_BUSY = frozenset({"CREATING", "UPDATING", "DELETING"})

_PARAMS = {
    "addonVersion": "AddonVersion",
    "serviceAccountRoleArn": "ServiceAccountRoleArn",
    "resolveConflicts": "ResolveConflicts",
    "configurationValues": "ConfigurationValues",
}
"""Parameters of UpdateAddon that DescribeUpdate returns, if they were sent."""


class EksWrites:
    """Implements the write operations."""

    def __init__(self, estate: Estate, checker: Checker, pace: Pace, seed: int) -> None:
        self._estate = estate
        self._checker = checker
        self._pace = pace
        self._seed = seed
        self.operations: Mapping[str, Operation] = {
            "UpdateAddon": self.update_addon,
            "CreateAddon": self.create_addon,
            "DeleteAddon": self.delete_addon,
        }

    def update_addon(self, request: ApiRequest) -> JsonObject:
        mode = request.one_of("resolveConflicts", MODES)
        addon = self._estate.addon(request.ref, request.required("addonName"), request.now)
        repeated = _repeated(addon, request) if self._pace.habits.honours_tokens else None
        if repeated is not None:
            return {"update": update_document(repeated)}
        _refuse_busy(addon)
        self._refuse_inactive(request.ref)
        stored = self._requested(request, addon)
        values = self._checked(request.ref, addon.name, stored)
        update = Update(
            self._estate.new_id(request.ref, addon.name, "update"),
            request.text("clientRequestToken"),
            _intent(request),
            request.now,
            _params(request),
        )
        self._begin(request, addon, update, stored=stored, values=values, mode=mode or "NONE")
        return {"update": update_document(update)}

    def create_addon(self, request: ApiRequest) -> JsonObject:
        mode = request.one_of("resolveConflicts", MODES)
        name = request.required("addonName")
        cluster = self._estate.cluster(request.ref)
        if name in self._estate.addons(request.ref, request.now):
            raise RefusalError(
                409,
                "ResourceInUseException",
                "Addon already exists.",
                clusterName=request.ref.name,
                addonName=name,
            )
        self._refuse_inactive(request.ref)
        version = request.text("addonVersion") or default_version(cluster.kubernetes) or ""
        stored = Stored(
            version,
            request.optional("configurationValues"),
            request.text("serviceAccountRoleArn"),
            _identities(request) or (),
        )
        self._refuse_version(request.ref, name, version)
        values = self._checked(request.ref, name, stored)
        addon = Addon(
            name,
            self._estate.new_id(request.ref, name),
            stored,
            request.now,
            request.now,
            live=values,
            tags=_tags(request),
        )
        course = self._creation(request, addon, mode)
        dice = Random(f"{self._seed}:{request.ref}:create")  # noqa: S311  # no secret hangs on it
        usual = (self._pace.create, self._pace.create)
        ends = request.now + duration(replace(course, seconds=course.seconds or usual), self._pace, dice)
        applied = course.ends == SUCCEEDS.ends or course.keeps
        if applied and name == COREDNS:
            self._replace_pods(request)
        pending = Pending(request.now, ends, course, stored, values, {})
        addon = replace(addon, pending=pending, applied=applied)
        self._estate.put_addon(request.ref, addon)
        return self._response(request, addon)

    def _creation(self, request: ApiRequest, addon: Addon, mode: str) -> Course:
        """Course of a creation: the scripted one, else determined by conflicts."""
        workload = self._estate.workload(request.ref)
        if addon.name != COREDNS:
            return Course(shows="CREATING")
        if workload.creates:
            course, *rest = workload.creates
            self._estate.put_workload(request.ref, replace(workload, creates=tuple(rest)))
            return replace(course, shows="CREATING")
        moment = ClusterSnapshot(self._estate.cluster(request.ref), workload, None, request.now)
        return takeover(mode, against(moment, addon) if moment.exists else ())

    def _replace_pods(self, request: ApiRequest) -> None:
        workload = self._estate.workload(request.ref)
        if workload.corefile is not None:
            changes = workload.changes + 1
            self._estate.put_workload(request.ref, replace(workload, changes=changes, changed_at=request.now))

    def delete_addon(self, request: ApiRequest) -> JsonObject:
        addon = self._estate.addon(request.ref, request.required("addonName"), request.now)
        _refuse_busy(addon)
        course = Course(shows="DELETING")
        ends = request.now + self._pace.delete
        pending = Pending(request.now, ends, course, addon.stored, addon.live, addon.foreign, removes=True)
        addon = replace(addon, pending=pending)
        if addon.name == COREDNS:
            self._leave_behind(request, addon, keep=request.text("preserve") == "true")
        self._estate.put_addon(request.ref, addon)
        return self._response(request, addon)

    def _leave_behind(self, request: ApiRequest, addon: Addon, *, keep: bool) -> None:
        """With `preserve`, the objects keep running without EKS."""
        workload = self._estate.workload(request.ref)
        if not addon.applied:
            return
        moment = ClusterSnapshot(self._estate.cluster(request.ref), workload, addon, request.now)
        spec = unflatten(layered(moment).fields).get("spec")
        remaining = replace(
            workload,
            corefile=moment.corefile if keep else None,
            replicas=replicas(addon, request.now),
            build=addon.stored.version,
            owner=EKS,
            deployment=spec if isinstance(spec, Mapping) else {},
        )
        self._estate.put_workload(request.ref, remaining)

    def _begin(
        self, request: ApiRequest, addon: Addon, update: Update, *, stored: Stored, values: Values, mode: str
    ) -> None:
        conflict = conflicts(addon, values, mode, self._in_the_way(request, addon)) or rejected(values)
        course = conflict or next_course(addon)
        dice = Random(f"{self._seed}:{request.ref}:{len(addon.updates)}")  # noqa: S311  # no secret hangs on it
        ends = request.now + duration(course, self._pace, dice)
        live, foreign = (addon.live, addon.foreign) if conflict else landing(addon, values, mode)
        pending = Pending(request.now, ends, course, addon.stored, live, foreign)
        update = replace(update, status=course.word)
        started = begun(addon, update, stored, pending, regrow=self._pace.regrow)
        self._estate.put_addon(request.ref, started)

    def _in_the_way(self, request: ApiRequest, addon: Addon) -> tuple[str, ...]:
        if addon.name != COREDNS:
            return ()
        cluster, workload = self._estate.cluster(request.ref), self._estate.workload(request.ref)
        return in_the_way(ClusterSnapshot(cluster, workload, addon, request.now))

    def _requested(self, request: ApiRequest, addon: Addon) -> Stored:
        """If omitted, values and pod identities are kept, and the role is reset to that of the nodes."""
        previous = addon.stored
        version = request.text("addonVersion") or previous.version
        if version != previous.version:
            self._refuse_version(request.ref, addon.name, version)
        text, identities = request.optional("configurationValues"), _identities(request)
        return Stored(
            version,
            previous.text if text is None else text,
            request.text("serviceAccountRoleArn"),
            previous.pod_identities if identities is None else identities,
        )

    def _checked(self, ref: ClusterRef, name: str, stored: Stored) -> Values:
        try:
            return self._checker.check(stored.version, stored.text) if name == COREDNS else parse(stored.text)
        except ValuesError as error:
            raise invalid(f"{REFUSED}{error}", clusterName=ref.name, addonName=name) from error

    def _refuse_version(self, ref: ClusterRef, name: str, version: str) -> None:
        if name != COREDNS:
            kubernetes = self._estate.cluster(ref).kubernetes
            raise invalid(f"Addon {name} specified is not supported in {kubernetes} kubernetes version")
        release = RELEASES.get(version)
        is_compatible = release is None or self._estate.cluster(ref).kubernetes in release.kubernetes
        if not (is_compatible and self._checker.knows(version)):
            raise invalid(UNSUPPORTED_VERSION, clusterName=ref.name, addonName=name)

    def _refuse_inactive(self, ref: ClusterRef) -> None:
        status = self._estate.cluster(ref).status
        if status not in ("ACTIVE", "UPDATING"):
            raise RefusalError(
                400,
                "InvalidRequestException",
                f"Cluster {ref.name} is in {status} state",
                clusterName=ref.name,
            )

    def _response(self, request: ApiRequest, addon: Addon) -> JsonObject:
        return {"addon": addon_document(request.ref, addon, seen(addon, request.now, self._pace.lag))}


def _repeated(addon: Addon, request: ApiRequest) -> Update | None:
    """The update that the same token started before."""
    token = request.text("clientRequestToken")
    found = next((each for each in addon.updates if token and each.token == token), None)
    if found is not None and found.intent != _intent(request):
        raise invalid(
            "The clientRequestToken was already used with other parameters",
            clusterName=request.ref.name,
            addonName=addon.name,
        )
    return found


def _refuse_busy(addon: Addon) -> None:
    shows = addon.pending.course.shows if addon.pending else addon.status
    if addon.pending is not None or shows in _BUSY:
        state = shows if shows in _BUSY else "UPDATING"
        raise RefusalError(
            409,
            "ResourceInUseException",
            f"Addon {addon.name} cannot be updated as it is currently in {state} state",
            addonName=addon.name,
        )


def _intent(request: ApiRequest) -> str:
    return digest({name: value for name, value in request.params.items() if name != "clientRequestToken"})


def _params(request: ApiRequest) -> tuple[tuple[str, str], ...]:
    sent = [
        (kind, request.text(name)) for name, kind in _PARAMS.items() if request.optional(name) is not None
    ]
    identities = _identities(request)
    if identities is not None:
        sent.append(("PodIdentityAssociations", str([each.service_account for each in identities])))
    return tuple(sent)


def _identities(request: ApiRequest) -> tuple[PodIdentity, ...] | None:
    objects = request.objects("podIdentityAssociations")
    if objects is None:
        return None
    return tuple(
        PodIdentity(_enum_value(each, "serviceAccount"), _enum_value(each, "roleArn")) for each in objects
    )


def _enum_value(document: JsonObject, name: str) -> str:
    value: Json = document.get(name)
    if not isinstance(value, str):
        raise invalid(
            f"Value at 'podIdentityAssociations.{name}' failed to satisfy constraint: Member must be a string"
        )
    return value


def _tags(request: ApiRequest) -> tuple[tuple[str, str], ...]:
    tags = request.params.get("tags")
    return (
        tuple(sorted((str(key), str(value)) for key, value in tags.items())) if isinstance(tags, dict) else ()
    )
