"""Converts the validated model to domain values."""

from collections.abc import Iterator, Mapping, Sequence

from eksaddon.config.build_match import build_match, read_labels
from eksaddon.config.corefile_settings import canonical_path
from eksaddon.config.entry import build_account, read_regions
from eksaddon.config.errors import ConfigError, fault
from eksaddon.config.fleet import FleetFile, Override, WaiverRule
from eksaddon.config.model.fleet_model import FleetModel, OverrideModel, WaiverModel
from eksaddon.config.model.rollout import ApprovalModel, CheckModel, CorefileTryModel, ProbeModel
from eksaddon.config.model.scalars import WordError, nearest
from eksaddon.config.model.scope import AccountModel, ClusterModel, OrganizationModel
from eksaddon.config.model.validate import VALUE
from eksaddon.config.settings import read_settings
from eksaddon.config.strategy import build_strategy
from eksaddon.config.yaml.document import Document, KeyPath
from eksaddon.domain.desired import Origin, Waiver
from eksaddon.domain.diagnostic import Diagnostic
from eksaddon.domain.json import Json, path_text
from eksaddon.domain.rollout.strategy import CHECKS
from eksaddon.domain.target import Account, KnownCluster, Organization


def build_fleet(model: FleetModel, document: Document) -> FleetFile:
    """Build the fleet and check constraints that span several values.

    Raises:
        ConfigError: With all violated constraints.
    """
    builder = _Builder(document)
    fleet = FleetFile(
        source=document.source,
        settings=read_settings(document, builder.raw("coredns"), ("coredns",), "coredns"),
        overrides=tuple(builder.override(index, each) for index, each in enumerate(model.overrides)),
        waivers=tuple(builder.waiver(index, each) for index, each in enumerate(model.waivers)),
        accounts=tuple(builder.accounts(model.accounts)),
        organization=builder.organization(model.organization),
        clusters=tuple(builder.cluster(index, each) for index, each in enumerate(model.clusters)),
        known_only=model.discovery == "known",
        skip_unavailable=model.unavailable_regions == "skip",
        strategy=build_strategy(model.rollout) if model.rollout else None,
    )
    builder.check(fleet, model)
    if builder.faults:
        raise ConfigError(builder.faults)
    return fleet


class _Builder:
    def __init__(self, document: Document) -> None:
        self._document = document
        self.faults: list[Diagnostic] = []

    def raw(self, *path: str | int) -> Json:
        """The value at a path of the file; None if absent."""
        candidates: Json = self._document.value
        for part in path:
            if isinstance(part, int) and isinstance(candidates, Sequence) and not isinstance(candidates, str):
                candidates = candidates[part]
            elif isinstance(part, str) and isinstance(candidates, Mapping):
                candidates = candidates.get(part)
        return candidates

    def override(self, index: int, model: OverrideModel) -> Override:
        path: KeyPath = ("overrides", index)
        layer = path_text(path)
        settings = read_settings(self._document, self.raw(*path, "coredns"), (*path, "coredns"), layer)
        return Override(build_match(model.match), settings, Origin(self._document.place(path).value, layer))

    def waiver(self, index: int, model: WaiverModel) -> WaiverRule:
        at = self._document.place(("waivers", index)).value
        waiver = Waiver(canonical_path(model.path), model.owner, model.reason, model.until, at)
        return WaiverRule(build_match(model.match), waiver)

    def accounts(self, models: list[AccountModel]) -> Iterator[Account]:
        for index, model in enumerate(models):
            try:
                yield build_account(
                    model.id,
                    model.name,
                    roles=model.role,
                    external_id=model.external_id,
                    profile=model.profile,
                    regions=read_regions(model.regions, model.exclude_regions),
                    labels=read_labels(model.labels),
                )
            except WordError as error:
                self._fault(("accounts", index), error)

    def organization(self, model: OrganizationModel | None) -> Organization | None:
        if model is None:
            return None
        if model.role[-1].startswith("arn:"):
            error = WordError(
                "a full ARN cannot name a role in every account", "use the role name only", "role"
            )
            self._fault(("organization",), error)
        try:
            regions = read_regions(model.regions, model.exclude_regions)
        except WordError as error:
            self._fault(("organization",), error)
            regions = ()
        return Organization(
            roles=tuple(model.role),
            regions=regions,
            units=tuple(model.ous),
            exclude=tuple(model.exclude_accounts),
            tags=read_labels(model.account_tags),
            external_id=model.external_id,
            profile=model.profile,
        )

    def cluster(self, index: int, model: ClusterModel) -> KnownCluster:
        at = self._document.place(("clusters", index)).value
        return KnownCluster(model.name, model.account, model.region, read_labels(model.labels), at)

    def check(self, fleet: FleetFile, model: FleetModel) -> None:
        self._reject_duplicates("accounts", [each.id for each in model.accounts], "account {}")
        self._reject_duplicates(
            "clusters",
            ["/".join(filter(None, (each.account, each.region, each.name))) for each in fleet.clusters],
            "cluster {}",
        )
        self._reject_duplicate_waves(model)
        self._check_gates(model)
        self._check_clusters(fleet, model)

    def _reject_duplicate_waves(self, model: FleetModel) -> None:
        if model.rollout:
            waves_key = "waves" if model.rollout.waves else "stages"
            waves = model.rollout.waves or model.rollout.stages
            self._reject_duplicates(("rollout", waves_key), [each.name for each in waves], "wave {}")

    def _check_gates(self, model: FleetModel) -> None:
        """Reject unknown checks here: otherwise they would fail after the first wave was written."""
        if not model.rollout:
            return
        waves_key = "waves" if model.rollout.waves else "stages"
        for index, wave in enumerate(model.rollout.waves or model.rollout.stages):
            for gate_key, gates in (("before", wave.before), ("gates", wave.gates)):
                probes = 0
                for number, gate in enumerate(gates):
                    probes += isinstance(gate, ProbeModel)
                    if error := _gate_fault(gate, probes):
                        self._fault(("rollout", waves_key, index, gate_key, number), error)

    def _reject_duplicates(self, at: str | KeyPath, names: list[str], what: str) -> None:
        base = (at,) if isinstance(at, str) else at
        first: dict[str, int] = {}
        for index, name in enumerate(names):
            if (first_index := first.setdefault(name, index)) != index:
                line = self._document.place((*base, first_index)).value.line
                self._fault(
                    (*base, index), WordError(f"duplicate {what.format(name)}, first defined at line {line}")
                )

    def _check_clusters(self, fleet: FleetFile, model: FleetModel) -> None:
        if fleet.known_only and not fleet.clusters:
            self._fault(
                ("discovery",),
                WordError("`discovery: known` needs a list of clusters", "list them under `clusters`"),
            )
        if fleet.organization or not model.accounts:
            return
        for index, cluster in enumerate(fleet.clusters):
            if error := _misplaced(cluster, fleet.accounts):
                self._fault(("clusters", index), error)

    def _fault(self, path: KeyPath, error: WordError) -> None:
        place = self._document.place((*path, error.below) if error.below else path)
        self.faults.append(fault(place.value, VALUE, f"{path_text(path)}: {error.summary}", error.hint))


def _misplaced(cluster: KnownCluster, accounts: tuple[Account, ...]) -> WordError | None:
    """Why a cluster cannot be in any of the accounts; None if it can."""
    candidates = [each for each in accounts if cluster.account in {"", each.id, each.name}]
    if not candidates:
        return WordError(f"account {cluster.account!r} is not listed under `accounts`", "", "account")
    region_lists = [each.regions for each in candidates]
    if cluster.region and all(
        isinstance(each, tuple) and each and cluster.region not in each for each in region_lists
    ):
        return WordError(f"region {cluster.region} is not in `regions` of its account", "", "region")
    return None


def _gate_fault(
    gate: ApprovalModel | CheckModel | CorefileTryModel | ProbeModel, probes: int
) -> WordError | None:
    """Args: probes: Of the wave's gates up to this one."""
    match gate:
        case CheckModel(name="dns-probe"):
            hint = "use the gate `type: probe` under `gates`: it measures while the wave changes its clusters"
            return WordError("the check dns-probe was replaced by the gate probe", hint, "name")
        case CheckModel(name=name) if name not in CHECKS:
            hint = nearest(name, CHECKS) or f"checks: {', '.join(CHECKS)}"
            return WordError(f"unknown check {name!r}", hint, "name")
        case ProbeModel() if probes > 1:
            return WordError("a wave has one probe at most", "remove the others")
        case ProbeModel(source="cluster", image=""):
            hint = "name an image that contains eksdns (docs/probing.md shows how to build it)"
            return WordError("`from: cluster` requires `image`", hint)
        case _:
            return None
