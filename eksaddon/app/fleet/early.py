"""Begins to plan while other targets are still read."""

from eksaddon.app.fleet.fleet import Fleet
from eksaddon.app.session import Session
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.observed import Managed, Observed
from eksaddon.domain.proof import is_healthy
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.observe.schemas import EarlySchemas
from eksaddon.observe.snapshot import NO_WORKLOAD_PLANE
from eksaddon.plan.fleet import Planner
from eksaddon.schema import AddonSchema


class EarlyPlans:
    """Asks for the schema of a version once it is seen, and plans the targets that are read after its answer.

    A target that turns out to need more, such as its update history, is planned again.

    Args:
        live: The live objects of all targets are read.
        corefiles: They are read if the Corefile is desired.
    """

    def __init__(
        self,
        fleet: Fleet,
        session: Session,
        *,
        strict: bool = False,
        force: bool = False,
        live: bool = False,
        corefiles: bool = True,
    ) -> None:
        self.schemas = EarlySchemas(session.addons, session.executor)
        self._schemas: dict[str, AddonSchema] = {}
        self.planner = Planner(self._schemas, strict, force)
        self._resolver = fleet.resolver(session.clock.now())
        self._known: dict[ClusterRef, DesiredState] = {}
        self._live = live
        self._corefiles = corefiles

    def desired_of(self, target: Target) -> DesiredState:
        found = self._known.get(target.ref)
        if found is None:
            found = self._known[target.ref] = self._resolver.resolve(target)
        return found

    def see(self, target: Target, observed: Observed) -> None:
        """Take a target that was read."""
        if not isinstance(observed, Managed):
            return
        desired, version = self.desired_of(target), observed.version
        if desired.version is not None:  # it may move to another version, whose schema counts
            return
        self.schemas.ask(version, observed.ref.scope)
        is_looked_at = self._live or desired.manages_objects or (self._corefiles and desired.manages_corefile)
        if is_looked_at or not is_healthy(observed):
            return
        schema = self.schemas.known(version)
        if schema is not None:
            self._schemas[version] = schema
            self.planner.begin(target, observed, desired, NO_WORKLOAD_PLANE)
