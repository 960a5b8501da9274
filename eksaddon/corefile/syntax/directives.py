"""Which directives exist in which CoreDNS, and where the others come from.

Source: plugin.cfg of every release of github.com/coredns/coredns from 1.0.2 to 1.14.7; the list of external
plugins at https://coredns.io/explugins and names met in public Corefiles.
"""

from collections.abc import Mapping
from functools import lru_cache

from eksaddon.corefile.syntax.versions import ENDLESS, FIRST, Version
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Life:
    """When a directive was part of the stock build.

    Attributes:
        since: The first release that has it; FIRST if older than the first one that was read.
        until: The first release that has it no more.
        deprecated: The first release that calls it deprecated.
        instead: What took its place.
    """

    since: Version = FIRST
    until: Version = ENDLESS
    deprecated: Version = ENDLESS
    instead: str = ""

    def covers(self, version: Version) -> bool:
        return self.since <= version < self.until


LIVES: Mapping[str, Life] = {
    "acl": Life((1, 6, 4)),
    "any": Life((1, 5, 1)),
    "auto": Life(),
    "autopath": Life(),
    "azure": Life((1, 6, 2)),
    "bind": Life(),
    "bufsize": Life((1, 6, 6)),
    "cache": Life(),
    "cancel": Life((1, 5, 0)),
    "chaos": Life(),
    "clouddns": Life((1, 6, 3)),
    "debug": Life(),
    "dns64": Life((1, 7, 0)),
    "dnssec": Life(),
    "dnstap": Life(),
    "erratic": Life(),
    "errors": Life(),
    "etcd": Life(),
    "federation": Life(until=(1, 7, 0)),
    "file": Life(),
    "forward": Life((1, 0, 6)),
    "geoip": Life((1, 8, 5)),
    "grpc": Life((1, 5, 0)),
    "grpc_server": Life((1, 14, 0)),
    "header": Life((1, 8, 5)),
    "health": Life(),
    "hosts": Life(),
    "https": Life((1, 14, 0)),
    "https3": Life((1, 14, 0)),
    "k8s_external": Life((1, 3, 0)),
    "kubernetes": Life(),
    "loadbalance": Life(),
    "local": Life((1, 8, 1)),
    "log": Life(),
    "loop": Life((1, 2, 1)),
    "metadata": Life((1, 2, 0)),
    "minimal": Life((1, 8, 4)),
    "multisocket": Life((1, 12, 0)),
    "nomad": Life((1, 13, 0)),
    "nsid": Life(),
    "on": Life((1, 0, 5)),
    "pprof": Life(),
    "prometheus": Life(),
    "proxy": Life(until=(1, 5, 0), deprecated=(1, 4, 0), instead="forward"),
    "proxyproto": Life((1, 14, 2)),
    "quic": Life((1, 12, 2)),
    "ready": Life((1, 5, 0)),
    "reload": Life((1, 1, 0)),
    "reverse": Life(until=(1, 2, 0), instead="template"),
    "rewrite": Life(),
    "root": Life(),
    "route53": Life((1, 0, 5)),
    "secondary": Life(),
    "shed": Life((1, 14, 7)),
    "shutdown": Life(until=(1, 1, 1), instead="on shutdown"),
    "sign": Life((1, 6, 3)),
    "startup": Life(until=(1, 1, 1), instead="on startup"),
    "template": Life((1, 0, 3)),
    "timeouts": Life((1, 10, 1)),
    "tls": Life(),
    "trace": Life(),
    "transfer": Life((1, 6, 5)),
    "tsig": Life((1, 9, 4)),
    "view": Life((1, 10, 0)),
    "whoami": Life(),
}

EXTERNAL = frozenset((
    "ads", "alias", "alternate", "amazondns", "atlas", "benky", "blocker", "contracore",
    "coredns-docker", "coredns-keepalived", "datahub", "dgadetect", "digitalocean", "dnsredir",
    "dnsseed", "dnssrc", "docker", "dockerdiscovery", "drove", "drovedns", "dump", "ens", "fanout",
    "filterlist", "finalize", "geodns", "git", "gitzone", "gravwell", "gslb", "hcloud",
    "httpoverdns", "idetcd", "ipecho", "ipin", "ipset", "k8s_cache", "k8s_crd", "k8s_dns_chaos",
    "k8s_event", "k8s_gateway", "kubenodes", "kubernetai", "lighthouse", "lua", "mdns", "meship",
    "meshname", "metadata_edns0", "multicluster", "mysql", "nametoip", "netbox", "nfd", "nodecache",
    "omada", "on_demand_tls", "pdsql", "policy", "proxmox", "records", "recursor", "redis",
    "redisc", "rrl", "setecs", "split", "sshfp", "tailscale", "traefik", "unbound", "warnlist",
    "wgsd",
))  # fmt: skip
"""Plugins that are compiled into other builds of CoreDNS; the image of EKS holds only the stock ones."""


@lru_cache(maxsize=64)
def stock_directives(version: Version) -> frozenset[str]:
    """Directives of a release's default build."""
    return frozenset(name for name, life in LIVES.items() if life.covers(version))
