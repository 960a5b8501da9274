"""Adopts a self-managed CoreDNS as the managed add-on, and removes the add-on again."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import assert_never

from eksaddon.app.adopt.saved import SavedAdoption, save_adoption, saved_adoptions, usual_path
from eksaddon.app.exit_table import Result, Tally, decide
from eksaddon.app.files.paths import is_folder
from eksaddon.app.fleet.fleet import Fleet, find_targets
from eksaddon.app.session import AccessBook, Session
from eksaddon.apply.adopt import AdoptionPorts, AdoptionRun, Ending
from eksaddon.apply.adoption_verdict import DELETING
from eksaddon.domain.adoption import Adoption, Manifests, NoCoreDns
from eksaddon.domain.cause import Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.observed import (
    AutoMode,
    Connected,
    Managed,
    NotActive,
    NotInstalled,
    Observed,
    RegionUnavailable,
    Unreachable,
)
from eksaddon.domain.proof import BUSY_STATES
from eksaddon.domain.run.outcome import (
    Blocked,
    Changed,
    Failed,
    InSync,
    Outcome,
    RolledBack,
    Skipped,
    Stale,
    Unproven,
    UnreachableTarget,
    Updating,
)
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.domain.workload import NotChecked
from eksaddon.frozen import dataclass
from eksaddon.plan.adoption.plan import Candidate, plan_adoption

Note = Callable[[str, str], None]

FEW = 6


@dataclass(frozen=True, slots=True)
class AdoptionRequest:
    """Options of an adoption, in addition to the desired state.

    Attributes:
        folder: Folder of saved adoptions with default names.
        save: Another file or folder; None for the default.
        version: None for EKS's default version.
    """

    folder: Path
    save: Path | None = None
    version: str | None = None
    resolve_conflicts: ResolveConflicts = ResolveConflicts.NONE
    strict: bool = False

    @property
    def place(self) -> Path:
        return self.save or self.folder

    def path_for(self, plan: Adoption) -> Path:
        is_file = self.save is not None and not is_folder(self.save)
        return self.place if is_file else usual_path(self.place, plan)


@dataclass(frozen=True, slots=True)
class Fresh:
    """An adoption that has not started."""

    plan: Adoption
    found: Manifests
    place: Path


@dataclass(frozen=True, slots=True)
class Begun:
    """An adoption that was sent to EKS according to its file; it is followed and verified, not sent again."""

    plan: Adoption
    status: str
    saved: SavedAdoption


@dataclass(frozen=True, slots=True)
class Undoing:
    """An add-on to remove.

    Attributes:
        plan: The configuration stored by EKS.
        observed: None if it is already removed and only verification remains.
        saved: The saved adoption that created it; None if not found.
    """

    plan: Adoption
    observed: Managed | None
    saved: SavedAdoption | None

    @property
    def target(self) -> Target:
        return self.plan.target


def prepare(fleet: Fleet, session: Session, book: AccessBook, request: AdoptionRequest) -> Fresh | Begun:
    """Read the cluster and plan its adoption.

    Raises:
        EksdnsError: Not exactly one cluster, it cannot be read, or there is nothing to adopt.
    """
    target = _only(fleet, session, book)
    observed = session.addons.read(target.ref)
    if isinstance(observed, Managed):
        return _continue(target, observed, request.place)
    _require_self_managed(target, observed, session)
    found = _manifests(session, target.ref, "its Corefile cannot be imported")
    version = _version(session, target.ref, found, request.version)
    schema = session.addons.schema(target.ref.scope, version)
    desired = fleet.resolver(session.clock.now()).resolve(target)
    case = Candidate(target, found, version, schema, desired, request.resolve_conflicts, request.strict)
    plan = plan_adoption(case)
    return Fresh(plan, found, request.path_for(plan))


def execute_adoption(begin: Fresh | Begun, session: Session, note: Note) -> Ending:
    """Save the live objects, create the add-on, follow and verify; or continue after an interruption.

    Raises:
        EksdnsError: The live objects cannot be saved; nothing was written.
    """
    plan = begin.plan
    run = AdoptionRun(plan.target.ref, plan.live_corefile, _io(session, note))
    match begin:
        case Fresh(found=found, place=place):
            save_adoption(place, plan, found)
            note("saved", str(place))
            return session.run(run.adopt(plan))
        case Begun():
            return session.run(run.follow(plan, is_ours=False))
        case _:
            assert_never(begin)


def prepare_undo(fleet: Fleet, session: Session, book: AccessBook, place: Path) -> Undoing:
    """Read the cluster whose add-on is to be removed.

    Raises:
        EksdnsError: Not exactly one cluster, it cannot be read, or it has no add-on to remove.
    """
    target = _only(fleet, session, book)
    observed = session.addons.read(target.ref)
    if isinstance(observed, Unreachable):
        raise _unreachable_error(target, observed.trouble)
    known = list(saved_adoptions(place, str(target.ref)))
    if not isinstance(observed, Managed) and not known:
        raise _refused(f"{target}: the cluster has no managed CoreDNS add-on", "there is nothing to undo")
    addon = observed if isinstance(observed, Managed) else None
    if addon is not None and addon.status in BUSY_STATES - {DELETING}:
        raise _refused(f"{target}: the add-on is {addon.status}", "wait for it to finish and run again")
    found = _manifests(session, target.ref, "it could not be verified that CoreDNS keeps running")
    live = found.workload
    plan = Adoption(
        target=target,
        kubernetes=".".join(map(str, live.version)),
        version=addon.version if addon else known[-1].version,
        text=(addon.text if addon else known[-1].text) or "",
        corefile=live.corefile or "",
        live_corefile=live.corefile or "",
        replicas=live.replicas,
        resolve_conflicts=ResolveConflicts.NONE,
        fingerprint=found.fingerprint,
    )
    return Undoing(plan, addon, _last(place, target.ref, addon) if addon else known[-1])


def undo(begin: Undoing, session: Session, note: Note) -> Ending:
    """Remove the add-on, or follow and verify a removal that another process started."""
    run = AdoptionRun(begin.target.ref, begin.plan.live_corefile, _io(session, note))
    is_begun = begin.observed is None or begin.observed.status == DELETING
    return session.run(run.follow_removal() if is_begun else run.give_up())


def exit_code(outcome: Outcome) -> ExitCode:
    match outcome:
        case Changed() | InSync() | RolledBack():
            return decide(Result.ADOPT, Tally(targets=1, written=1))
        case Stale() | Skipped() | Blocked():
            return decide(Result.ADOPT, Tally(targets=1, stale=1))
        case Failed() | UnreachableTarget() | Unproven() | Updating():
            return decide(Result.ADOPT, Tally(targets=1, lost=1))
        case _:
            assert_never(outcome)


def _io(session: Session, note: Note) -> AdoptionPorts:
    return AdoptionPorts(
        addons=session.addons,
        installer=session.installer,
        manifests=session.manifests,
        executor=session.executor,
        clock=session.clock,
        note=note,
        dice=random.Random(),  # noqa: S311  # spreads polls, guards nothing
    )


def _only(fleet: Fleet, session: Session, book: AccessBook) -> Target:
    found = find_targets(fleet, session, book)
    if found.unreachable:
        target, observed = found.unreachable[0]
        raise _unreachable_error(target, observed.trouble)
    if not found.targets:
        raise EksdnsError("no cluster matches", hint="see `eksdns status --all`", exit_code=ExitCode.USAGE)
    if len(found.targets) > 1:
        names = ", ".join(str(one.ref) for one in found.targets[:FEW])
        raise EksdnsError(
            f"adopt takes one cluster, but {len(found.targets)} match: {names}",
            hint="use ACCOUNT/REGION/NAME",
            exit_code=ExitCode.USAGE,
        )
    return found.targets[0]


def _unreachable_error(target: Target, trouble: Trouble) -> EksdnsError:
    return EksdnsError(f"{target}: {trouble}", hint=trouble.hint)


def _refused(message: str, hint: str) -> EksdnsError:
    return EksdnsError(message, hint=hint, exit_code=ExitCode.REFUSED)


def _continue(target: Target, observed: Managed, place: Path) -> Begun:
    saved = _last(place, target.ref, observed)
    if saved is not None:
        return Begun(saved.resumed(target, observed), observed.status, saved)
    if observed.status == "CREATING":
        hint = "wait until it is ACTIVE, then use `eksdns plan` and `eksdns apply`"
        raise _refused(f"{target}: the add-on is being created", hint)
    hint = f"change it with `eksdns plan` and `eksdns apply --cluster {target}`"
    raise _refused(
        f"{target}: CoreDNS is already the managed add-on ({observed.version}, {observed.status})", hint
    )


def _last(place: Path, ref: ClusterRef, observed: Managed) -> SavedAdoption | None:
    """The saved adoption whose configuration equals the one stored by EKS."""
    found = [one for one in saved_adoptions(place, str(ref)) if one.matches_request(observed)]
    return found[-1] if found else None


def _require_self_managed(target: Target, observed: Observed, session: Session) -> None:
    match observed:
        case NotInstalled():
            return
        case AutoMode() if isinstance(session.manifests.manifests(target.ref), Manifests):
            return  # node groups next to Auto Mode have a separate CoreDNS
        case AutoMode():
            message = f"{target}: EKS Auto Mode provides its own cluster DNS, there is no CoreDNS to adopt"
            raise _refused(message, "install the add-on only if you run your own node groups")
        case NotActive(status=status):
            raise _refused(f"{target}: the cluster is {status}", "run again once it is ACTIVE")
        case Connected():
            raise _refused(
                f"{target}: connected clusters do not support add-ons",
                "only clusters that EKS runs support add-ons",
            )
        case Unreachable(trouble=trouble) | RegionUnavailable(trouble=trouble):
            raise _unreachable_error(target, trouble)
        case Managed():
            raise AssertionError(f"{target} has a managed add-on")
        case _:
            assert_never(observed)


def _manifests(session: Session, ref: ClusterRef, consequence: str) -> Manifests:
    found = session.manifests.manifests(ref)
    match found:
        case Manifests():
            return found
        case NoCoreDns(namespace=namespace):
            message = f"{ref}: there is no Deployment coredns in {namespace}, so there is nothing to adopt"
            raise _refused(message, "install the add-on: aws eks create-addon")
        case NotChecked(reason=reason, hint=hint):
            raise _refused(f"{ref}: {reason}; so {consequence}", hint)
        case _:
            assert_never(found)


def _version(session: Session, ref: ClusterRef, found: Manifests, requested: str | None) -> str:
    kubernetes = ".".join(map(str, found.workload.version))
    if requested is None:
        default = session.installer.default_version(ref.scope, kubernetes)
        if isinstance(default, Trouble):
            raise EksdnsError(f"{ref}: {default}", hint=f"{default.hint}, or set --addon-version")
        return default
    offered = session.installer.versions(ref.scope, kubernetes)
    if isinstance(offered, Trouble):
        raise EksdnsError(f"{ref}: {offered}", hint=offered.hint)
    if requested not in offered:
        raise EksdnsError(
            f"add-on version {requested} is not available for Kubernetes {kubernetes}",
            hint=f"available: {', '.join(offered[:FEW])} and older" if offered else "no version is available",
            exit_code=ExitCode.USAGE,
        )
    return requested
