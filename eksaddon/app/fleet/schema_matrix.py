"""Which key of the configuration is supported by which version of a fleet."""

from collections import Counter
from dataclasses import replace

from eksaddon.app.fleet.fleet import Fleet
from eksaddon.app.fleet.plan import Seen
from eksaddon.app.session import Session
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.observed import Managed
from eksaddon.domain.target import Scope, Target
from eksaddon.domain.versions.desired import DefaultVersion
from eksaddon.domain.versions.offered import NotRequested, VersionMove
from eksaddon.observe.offered import offered_versions
from eksaddon.observe.schemas import live_schemas
from eksaddon.plan.inputs import version_choice
from eksaddon.report.documents.schema_matrix import SchemaMatrixDocument, VersionColumn, schema_matrix
from eksaddon.schema import SCHEMA_GROUPS, AddonSchema, packaged_schema, parse_version


def known_matrix() -> SchemaMatrixDocument:
    """The first version of each known schema, without AWS."""
    names = [group.name for group in SCHEMA_GROUPS]
    schemas = {name: found for name in names if (found := packaged_schema(name)) is not None}
    ordered = sorted(schemas, key=_order)
    return schema_matrix([VersionColumn(name, schemas[name].source, 0, 0) for name in ordered], schemas)


def fleet_matrix(fleet: Fleet, session: Session, seen: Seen) -> SchemaMatrixDocument:
    """The versions of a fleet, and those that its clusters would move to.

    The next version is that of the fleet file's `addonVersion`; without one, EKS's default.
    """
    resolver = fleet.resolver(session.clock.now())

    def desired_of(target: Target) -> DesiredState:
        desired = resolver.resolve(target)
        return replace(desired, version=desired.version or DefaultVersion())

    offered = offered_versions(seen.observations, desired_of, session.versions, session.executor)
    installed: Counter[str] = Counter()
    following: Counter[str] = Counter()
    scopes: dict[str, dict[Scope, None]] = {}
    for one in seen.observations:
        if not isinstance(one.observed, Managed):
            continue
        versions = offered.get(one.target.ref, NotRequested())
        choice = version_choice(one.observed, desired_of(one.target), versions)
        installed[one.observed.version] += 1
        found = [one.observed.version]
        if isinstance(choice, VersionMove):
            following[choice.after] += 1
            found.append(choice.after)
        for version in found:
            scopes.setdefault(version, {})[one.target.ref.scope] = None
    asked = {version: tuple(places) for version, places in scopes.items()}
    live = live_schemas(asked, session.addons, session.executor)
    schemas = {}
    for version, answer in live.items():
        schema = answer if isinstance(answer, AddonSchema) else packaged_schema(version)
        if schema is not None:
            schemas[version] = schema
    columns = [
        VersionColumn(
            version,
            schemas[version].source if version in schemas else "unknown",
            installed[version],
            following[version],
        )
        for version in sorted(scopes, key=_order)
    ]
    return schema_matrix(columns, schemas)


def _order(version: str) -> tuple[bool, object, str]:
    """By number; versions of an unknown form last."""
    parsed = parse_version(version)
    return (parsed is None, (parsed.coredns, parsed.build) if parsed else (), version)
