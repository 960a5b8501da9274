"""What is measured: a fleet, how far away it is, and the files that describe it to both sides."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice, product
from pathlib import Path

import botocore

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.scenario.fleet import versions_of
from tests.bench.asking import ROLE, regions
from tests.support.network.authority import Authority

_HUB = "100000000000"

_FIRST_ID = 900_000_000_001

_VERSIONS = 8

_STOCK = """\
.:53 {
    errors
    health {
        lameduck 5s
      }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
"""

_COREDNS = {
    "replicaCount": 2,
    "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1},
    "lameduck": "20s",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One fleet in one place.

    Attributes:
        latency: Seconds that every answer takes.
        texts: How many different configurations the clusters have between them, on each of 8 versions.
    """

    clusters: int
    accounts: int
    latency: float
    is_tls: bool
    texts: int = 4
    region_count: int = 2

    @property
    def regions(self) -> tuple[str, ...]:
        return regions(self.region_count)

    @property
    def title(self) -> str:
        scheme = "TLS" if self.is_tls else "HTTP"
        return (
            f"{self.clusters:,} clusters in {self.accounts} accounts x {self.region_count} regions, "
            f"{self.texts} texts, {self.latency * 1000:.0f} ms, {scheme}"
        )

    def account_ids(self) -> tuple[str, ...]:
        return tuple(f"{_FIRST_ID + number}" for number in range(self.accounts))

    def refs(self) -> Iterator[ClusterRef]:
        places = islice(cycle(product(self.account_ids(), self.regions)), self.clusters)
        for number, (account, region) in enumerate(places, 1):
            yield ClusterRef(account, region, f"app-{number:05}")


@dataclass(frozen=True, slots=True)
class Files:
    """What a setting's programs read."""

    folder: Path
    accounts: tuple[str, ...]
    region_count: int
    bundle: Path
    authority: Path
    certificate: tuple[str, str]

    @property
    def scenario(self) -> Path:
        return self.folder / "scenario.yaml"

    @property
    def fleet(self) -> Path:
        return self.folder / "fleet.yaml"

    @property
    def targets(self) -> Path:
        """For the AWS CLI, which is told every cluster: account, region and name, a line each."""
        return self.folder / "targets.txt"

    @property
    def profiles(self) -> Path:
        return self.folder / "aws-config"


def write_files(setting: Setting, folder: Path) -> Files:
    folder.mkdir(parents=True, exist_ok=True)
    authority = Authority(folder)
    accounts = setting.account_ids()
    files = Files(
        folder,
        accounts,
        setting.region_count,
        _bundle(folder, authority),
        authority.bundle,
        authority.server_files(),
    )
    files.scenario.write_text(json.dumps(_scenario(setting)))
    files.fleet.write_text(json.dumps(_fleet(setting)))
    files.targets.write_text("".join(f"{ref.account} {ref.region} {ref.name}\n" for ref in setting.refs()))
    files.profiles.write_text("".join(map(_profile, accounts)))
    return files


def environment(files: Files, url: str) -> dict[str, str]:
    """Of a program that is measured; nothing of the user's own AWS settings is left."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    return kept | {
        "HOME": str(files.folder),
        "XDG_STATE_HOME": str(files.folder / "state"),
        "AWS_ENDPOINT_URL": url,
        "AWS_CA_BUNDLE": str(files.bundle),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": regions(1)[0],
        "AWS_DEFAULT_REGION": regions(1)[0],
        "AWS_CONFIG_FILE": str(files.profiles),
        "AWS_SHARED_CREDENTIALS_FILE": str(files.folder / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_COLOR": "1",
    }


def _bundle(folder: Path, authority: Authority) -> Path:
    """As long as the one that AWS's certificates are checked with: reading it is what a connection costs."""
    bundle = folder / "bundle.pem"
    public = Path(botocore.__file__).with_name("cacert.pem").read_bytes()
    bundle.write_bytes(public + authority.bundle.read_bytes())
    return bundle


def _scenario(setting: Setting) -> dict[str, object]:
    accounts = setting.account_ids()
    return {
        "version": 1,
        "accounts": [{"id": _HUB, "name": "hub"}, *(_account(each, setting.regions) for each in accounts)],
        "documents": {f"text-{number}": _document(number) for number in range(setting.texts)},
        "clusters": [
            {
                "name": ref.name,
                "account": ref.account,
                "region": ref.region,
                "addon": versions_of(_VERSIONS)[number % _VERSIONS],
                "document": f"text-{number // _VERSIONS % setting.texts}",
            }
            for number, ref in enumerate(setting.refs())
        ],
        "faults": [{"kind": "slow", "seconds": setting.latency}] if setting.latency else [],
    }


def _account(account: str, regions: tuple[str, ...]) -> dict[str, object]:
    return {"id": account, "regions": list(regions), "roles": {ROLE: {}}}


def _document(number: int) -> dict[str, object]:
    """One of four is without a Corefile; no two of the others are the same text."""
    if number % 4 == 3:
        return {"values": {"replicaCount": 2 + number}}
    own = _STOCK.replace("cache 30", f"cache {30 + number}")
    return {"corefile": own, "values": {"replicaCount": 2}, "format": ("json", "json-indented")[number % 2]}


def _fleet(setting: Setting) -> dict[str, object]:
    return {
        "version": 1,
        "coredns": _COREDNS,
        "accounts": [
            {"id": each, "role": ROLE, "regions": list(setting.regions)} for each in setting.account_ids()
        ],
    }


def _profile(account: str) -> str:
    return (
        f"[profile {account}]\nrole_arn = arn:aws:iam::{account}:role/{ROLE}\n"
        "credential_source = Environment\n"
    )
