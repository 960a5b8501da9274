"""What is measured: a fleet, how far away it is, and the files that describe it to both sides."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from eksaddon.sim.scenario_file import load_scenario
from tests.bench.asking import REGIONS, ROLE
from tests.support.authority import Authority

_HUB = "100000000000"

_SCENARIO = "scenario.yaml"

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
    """

    clusters: int
    accounts: int
    latency: float
    is_tls: bool

    @property
    def title(self) -> str:
        scheme = "TLS" if self.is_tls else "HTTP"
        return (
            f"{self.clusters:,} clusters in {self.accounts} accounts x {len(REGIONS)} regions, "
            f"{self.latency * 1000:.0f} ms, {scheme}"
        )


@dataclass(frozen=True, slots=True)
class Files:
    """What a setting's programs read."""

    folder: Path
    accounts: tuple[str, ...]
    bundle: Path
    certificate: tuple[str, str]

    @property
    def scenario(self) -> Path:
        return self.folder / _SCENARIO

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
    described = folder / _SCENARIO
    described.write_text(json.dumps(_scenario(setting)))
    scenario = load_scenario(described)
    accounts = tuple(each.id for each in scenario.accounts if each.id != _HUB)
    files = Files(folder, accounts, authority.bundle, authority.server_files())
    files.fleet.write_text(json.dumps(_fleet(accounts)))
    refs = [each.cluster.ref for each in scenario.clusters]
    files.targets.write_text("".join(f"{each.account} {each.region} {each.name}\n" for each in refs))
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
        "AWS_REGION": REGIONS[0],
        "AWS_DEFAULT_REGION": REGIONS[0],
        "AWS_CONFIG_FILE": str(files.profiles),
        "AWS_SHARED_CREDENTIALS_FILE": str(files.folder / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_COLOR": "1",
    }


def _scenario(setting: Setting) -> dict[str, object]:
    return {
        "version": 1,
        "defaultAccount": _HUB,
        "accounts": [{"id": _HUB, "name": "hub", "regions": [REGIONS[0]]}],
        "documents": {
            "plain": '{"replicaCount": 2}',
            "stock": {"corefile": _STOCK, "values": {"replicaCount": 2}},
            "own": {"corefile": _STOCK.replace("cache 30", "cache 60"), "format": "json-indented"},
        },
        "fleets": [
            {
                "clusters": setting.clusters,
                "accounts": setting.accounts,
                "regions": list(REGIONS),
                "versions": 8,
                "documents": ["stock", "plain", "own"],
                "name": "app-{n:05}",
                "role": ROLE,
            }
        ],
        "faults": [{"kind": "slow", "seconds": setting.latency}] if setting.latency else [],
    }


def _fleet(accounts: tuple[str, ...]) -> dict[str, object]:
    return {
        "version": 1,
        "coredns": _COREDNS,
        "accounts": [{"id": each, "role": ROLE, "regions": list(REGIONS)} for each in accounts],
    }


def _profile(account: str) -> str:
    return (
        f"[profile {account}]\nrole_arn = arn:aws:iam::{account}:role/{ROLE}\n"
        "credential_source = Environment\n"
    )
