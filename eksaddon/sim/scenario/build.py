"""Converts a scenario file's model to a Scenario: resolves names, expands patterns and counts."""

from collections.abc import Iterable, Iterator
from typing import cast

from eksaddon.domain.json import JsonObject
from eksaddon.domain.target import ClusterRef, Labels
from eksaddon.sim.accounts.organizations import Organization
from eksaddon.sim.addon.catalogue import default_version, kubernetes_for
from eksaddon.sim.addon.update_script import Habits, Lag, Pace, UpdateOrder
from eksaddon.sim.api.identities import Account, Role
from eksaddon.sim.api.throttle import Rate
from eksaddon.sim.eks.seeds import AddonSeed
from eksaddon.sim.resources import Cluster, DnsPort
from eksaddon.sim.scenario.documents import written
from eksaddon.sim.scenario.faults import course_of, fault_of, problem_of
from eksaddon.sim.scenario.fleet import fleet_accounts, spread, versions_of
from eksaddon.sim.scenario.model import (
    NO_ADDON,
    AccountModel,
    ClusterModel,
    EksModel,
    FleetModel,
    PaceModel,
    ScenarioModel,
)
from eksaddon.sim.scenario.names import PatternError, is_numbered, unfold
from eksaddon.sim.scenario.scenario import Scenario, SimulatedCluster
from eksaddon.sim.scenario.workload import workload_of

Path = tuple[str | int, ...]

_KUBERNETES = "1.33"
"""Default without a Kubernetes or add-on version."""

_LATER = 0.0
"""Placeholder: `created_at` is set when the world is created."""


class MisfitError(Exception):
    """The file is inconsistent at a path of keys."""

    def __init__(self, path: Path, text: str) -> None:
        super().__init__(text)
        self.path = path
        self.text = text


def build(model: ScenarioModel) -> Scenario:
    """Build a scenario.

    Raises:
        MisfitError: An undefined or duplicate name.
    """
    builder = _Builder(model)
    clusters = builder.clusters()
    return Scenario(
        accounts=tuple(builder.accounts.values()),
        clusters=clusters,
        default_account=builder.default_account(),
        description=model.description,
        organization=builder.organization(),
        faults=tuple(
            fault_of(each, builder.account_glob(each.match.account, ("faults", index, "match", "account")))
            for index, each in enumerate(model.faults)
        ),
        pace=_pace_of(model.pace, model.eks),
        rate=Rate(model.throttle.rate, model.throttle.burst) if model.throttle else None,
        seed=model.seed,
        clock_offset=model.clock_offset,
        buckets=tuple(model.buckets),
    )


class _Builder:
    def __init__(self, model: ScenarioModel) -> None:
        self._model = model
        self._texts = {name: written(each) for name, each in model.documents.items()}
        self.accounts: dict[str, Account] = {}
        self._ids: dict[str, str] = {}
        for index, each in enumerate(model.accounts):
            self._add(_account(each), ("accounts", index, "id"))

    def _add(self, account: Account, path: Path) -> None:
        for word in {account.id, account.name or account.id}:
            if word in self._ids:
                raise MisfitError(path, f"duplicate account {word}")
            self._ids[word] = account.id
        self.accounts[account.id] = account

    def account(self, word: str, path: Path) -> Account:
        if word not in self._ids:
            names = ", ".join(each.name or each.id for each in self.accounts.values())
            raise MisfitError(path, f"unknown account {word!r}; known accounts: {names}")
        return self.accounts[self._ids[word]]

    def account_glob(self, word: str, path: Path) -> str:
        if set("*?[") & set(word):
            return word
        return self.account(word, path).id

    def default_account(self) -> str:
        word = self._model.default_account or self._model.accounts[0].id
        return self.account(word, ("defaultAccount",)).id

    def organization(self) -> Organization | None:
        model = self._model.organization
        if model is None:
            return None
        administrators = tuple(
            self.account(word, ("organization", "administrators", index)).id
            for index, word in enumerate(model.administrators)
        )
        management = self.account(model.management, ("organization", "management")).id
        return Organization(management, administrators, tuple(model.units))

    def clusters(self) -> tuple[SimulatedCluster, ...]:
        found: dict[ClusterRef, SimulatedCluster] = {}
        for path, each in self._each_cluster():
            if each.cluster.ref in found:
                raise MisfitError(path, f"duplicate cluster {each.cluster.ref}")
            found[each.cluster.ref] = each
        return tuple(found.values())

    def _each_cluster(self) -> Iterator[tuple[Path, SimulatedCluster]]:
        for index, each in enumerate(self._model.clusters):
            path: Path = ("clusters", index)
            for inhabited in self._unfolded(each, path):
                yield (*path, "name"), inhabited
        for index, fleet in enumerate(self._model.fleets):
            path = ("fleets", index)
            for inhabited in self._fleet(fleet, path):
                yield (*path, "name"), inhabited

    def _unfolded(self, model: ClusterModel, path: Path) -> Iterator[SimulatedCluster]:
        if model.count > 1 and not is_numbered(model.name):
            raise MisfitError((*path, "name"), f"a group of {model.count} clusters needs {{n}} in its name")
        addons = self._addons(model, path)
        for account, region in self._account_regions(model, path):
            for number in range(1, model.count + 1):
                ref = _ref(model.name, number, account, region, (*path, "name"))
                yield SimulatedCluster(_cluster(model, ref), addons, workload_of(model.workload, at=_LATER))

    def _account_regions(self, model: ClusterModel, path: Path) -> Iterator[tuple[Account, str]]:
        accounts = model.account or [self._model.accounts[0].id]
        for index, word in enumerate(accounts):
            account = self.account(
                word, (*path, "account", index) if len(accounts) > 1 else (*path, "account")
            )
            regions = model.region or account.regions
            if not regions:
                raise MisfitError(path, f"needs a `region`, since account {word} has no `regions`")
            for region in regions:
                yield account, region

    def _addons(self, model: ClusterModel, path: Path) -> tuple[AddonSeed, ...]:
        if model.addon == NO_ADDON:
            if model.document is not None:
                raise MisfitError(
                    (*path, "document"), "a cluster without the add-on cannot have a configuration"
                )
            return ()
        version = model.addon or default_version(model.kubernetes or _KUBERNETES)
        if version is None or kubernetes_for(version) is None:
            key = "addon" if model.addon else "kubernetes"
            raise MisfitError(
                (*path, key), f"no known CoreDNS add-on version for {model.addon or model.kubernetes}"
            )
        return (
            AddonSeed(
                version,
                self._text(model.document, (*path, "document")),
                status=model.addon_status,
                issues=tuple(problem_of(each) for each in model.issues),
                role_arn=model.service_account_role,
                tags=_labels(model.addon_tags),
                foreign=cast("JsonObject", model.foreign),
                replicas=model.live_replicas,
                script=tuple(course_of(each) for each in model.outcomes),
            ),
        )

    def _text(self, name: str | None, path: Path) -> str | None:
        if name is None:
            return None
        if name not in self._texts:
            names = ", ".join(self._texts) or "none"
            raise MisfitError(path, f"unknown document {name!r}; known documents: {names}")
        return self._texts[name]

    def _fleet(self, model: FleetModel, path: Path) -> Iterator[SimulatedCluster]:
        if model.clusters > 1 and not is_numbered(model.name):
            raise MisfitError(
                (*path, "name"), f"a group of {model.clusters} clusters needs {{n}} in its name"
            )
        texts = [self._text(each, (*path, "documents", index)) for index, each in enumerate(model.documents)]
        spots = spread(
            model.clusters,
            accounts=tuple(self._fleet_accounts(model, path)),
            regions=model.regions,
            versions=self._versions(model, path),
            documents=texts or [None],
        )
        for spot in spots:
            ref = _ref(model.name, spot.number, spot.account, spot.region, (*path, "name"))
            kubernetes = kubernetes_for(spot.version) or _KUBERNETES
            cluster = Cluster(ref, _LATER, kubernetes, tags=_labels(model.tags))
            yield SimulatedCluster(cluster, (AddonSeed(spot.version, spot.document),))

    def _fleet_accounts(self, model: FleetModel, path: Path) -> Iterable[Account]:
        if not isinstance(model.accounts, int):
            named = enumerate(model.accounts)
            return [self.account(word, (*path, "accounts", index)) for index, word in named]
        role = Role(model.role, model.external_id)
        first_index = len(self.accounts) - len(self._model.accounts)
        generated = list(
            fleet_accounts(
                model.accounts,
                before=first_index,
                unit=model.ou,
                role=role,
                regions=tuple(model.regions),
            )
        )
        for account in generated:
            self._add(account, (*path, "accounts"))
        return generated

    def _versions(self, model: FleetModel, path: Path) -> tuple[str, ...]:
        if isinstance(model.versions, int):
            return versions_of(model.versions)
        for index, version in enumerate(model.versions):
            if kubernetes_for(version) is None:
                raise MisfitError((*path, "versions", index), f"unknown CoreDNS add-on version {version!r}")
        return tuple(model.versions)


def _ref(pattern: str, number: int, account: Account, region: str, path: Path) -> ClusterRef:
    try:
        name = unfold(pattern, number=number, account=account.name or account.id, region=region)
    except PatternError as error:
        raise MisfitError(path, str(error)) from None
    return ClusterRef(account.id, region, name)


def _cluster(model: ClusterModel, ref: ClusterRef) -> Cluster:
    version = model.addon if model.addon not in (None, NO_ADDON) else None
    kubernetes = model.kubernetes or (kubernetes_for(version) if version else None)
    return Cluster(
        ref,
        _LATER,
        kubernetes or _KUBERNETES,
        model.status,
        auto_mode=model.auto_mode,
        connector=model.connector,
        outpost=model.outpost,
        has_vpc_dns=model.vpc_dns,
        dns_port=DnsPort(model.dns_port),
        tags=_labels(model.tags),
    )


def _account(model: AccountModel) -> Account:
    roles = {
        name: Role(name)
        if role is None
        else Role(name, role.external_id, tuple(role.trusts), tuple(role.denies), role.max_seconds)
        for name, role in model.roles.items()
    }
    return Account(
        model.id,
        model.name or "",
        model.status,
        model.ou,
        _labels(model.tags),
        tuple(model.regions),
        roles,
        tuple(model.scp_denies),
    )


def _labels(tags: dict[str, str]) -> Labels:
    return tuple(sorted(tags.items()))


def _pace_of(model: PaceModel, eks: EksModel) -> Pace:
    order = UpdateOrder(eks.updates)
    habits = Habits(eks.tokens == "honoured", order, eks.fresh_id_reads, eks.old_document_reads)
    return Pace(
        (model.update[0], model.update[1]),
        model.create,
        model.delete,
        model.regrow,
        Lag(model.status_lag, model.document_lag),
        habits,
    )
