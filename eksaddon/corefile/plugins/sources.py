"""Plugins that give answers, in CoreDNS's order, and the directives that are gone.

Source: setup of each plugin in github.com/coredns/coredns, every release from 1.8.0 to 1.14.7; when a
property of older releases came and went, from the property lists of all releases since 1.0.2.
"""

from eksaddon.corefile.plugins.argument_rules import (
    failover_rcodes,
    health_check,
    key_source,
    kubernetes_zones,
    not_two,
    rcodes,
    transfer_from,
)
from eksaddon.corefile.plugins.upstream_rules import forward_block, forward_to, grpc_to
from eksaddon.corefile.plugins.values import (
    Anything,
    Duration,
    Expression,
    Integer,
    IpAddress,
    IpAndPort,
    LabelSelector,
    Number,
    OneOf,
    Regexp,
    TransferTarget,
    Unsigned,
    Zone,
)
from eksaddon.corefile.plugins.vocabulary import (
    ANY_ARGS,
    FLAG,
    MANY,
    NOTHING,
    Args,
    Block,
    Conflict,
    Form,
    Needs,
    Plugin,
    Property,
    Reading,
    Repeat,
    line,
    one,
)

_UINT32 = (1 << 32) - 1
_TTL = Args(Reading.LINE, 1, MANY, (Integer(0, 3600), Anything()), used=1)
_EVERY = Args(Reading.LINE, 1, MANY, (Duration(), Anything()), used=1)
_FALLTHROUGH = Property("fallthrough", ANY_ARGS)


def _upstream(ignored: tuple[int, int, int] = (1, 5, 0)) -> Property:
    return Property("upstream", ANY_ARGS, ignored=ignored)


TRANSFER = Plugin(
    "transfer",
    (Form(ANY_ARGS),),
    (
        Property("to", line(1, MANY, TransferTarget())),
        Property("source", line(1, 1, IpAddress()), since=(1, 14, 5), once=True),
    ),
    needs=(Needs("", "to"),),
)

HOSTS = Plugin(
    "hosts",
    (Form(ANY_ARGS, Repeat.ONCE, Block.ENTRIES),),
    (
        _FALLTHROUGH,
        Property("fallthrough_unsupported", FLAG, since=(1, 14, 7)),
        Property("no_reverse", since=(1, 4, 0)),
        Property(
            "ttl", Args(Reading.LINE, 1, MANY, (Integer(1, 65535), Anything()), used=1), since=(1, 4, 0)
        ),
        Property("reload", line(1, 1, Duration(low=0)), since=(1, 4, 0)),
    ),
    needs=(Needs("fallthrough_unsupported", "fallthrough"),),
    ordered=True,
)

ROUTE53 = Plugin(
    "route53",
    (Form(ANY_ARGS),),
    (
        Property("aws_access_key", line(2, MANY)),
        Property("aws_endpoint", one(Anything()), since=(1, 8, 7)),
        Property("credentials", Args(Reading.WHOLE, 1, 2), since=(1, 2, 3)),
        Property("fallthrough", ANY_ARGS, since=(1, 2, 3)),
        Property("refresh", one(Duration(low=1, bare=True)), since=(1, 6, 2)),
        Property("upstream", ANY_ARGS, since=(1, 2, 3), ignored=(1, 5, 0)),
    ),
)

AZURE = Plugin(
    "azure",
    (Form(ANY_ARGS),),
    (
        Property("subscription", one(Anything())),
        Property("tenant", one(Anything())),
        Property("client", one(Anything())),
        Property("secret", one(Anything())),
        Property("environment", one(Anything())),
        Property("access", one(Anything()), since=(1, 6, 8)),
        _FALLTHROUGH,
    ),
)

CLOUDDNS = Plugin(
    "clouddns",
    (Form(ANY_ARGS),),
    (
        Property("credentials", one(Anything())),
        _FALLTHROUGH,
        Property("upstream", ANY_ARGS, ignored=(1, 6, 3)),
    ),
)

K8S_EXTERNAL = Plugin(
    "k8s_external",
    (Form(ANY_ARGS),),
    (
        Property("ttl", _TTL),
        Property("apex", Args(Reading.LINE, 1, MANY, used=1)),
        Property("headless", since=(1, 9, 4)),
        Property("fallthrough", ANY_ARGS, since=(1, 11, 0)),
    ),
)

KUBERNETES = Plugin(
    "kubernetes",
    (Form(ANY_ARGS, Repeat.ONCE),),
    (
        Property("endpoint_pod_names", FLAG),
        Property("pods", line(1, 1, OneOf(("disabled", "insecure", "verified")))),
        Property("namespaces", line(1, MANY)),
        Property("endpoint", line(1, MANY), until=(1, 4, 0)),
        Property("endpoint", Args(Reading.LINE, 1, MANY, used=1), since=(1, 4, 0)),
        Property("tls", line(3, 3)),
        Property("labels", Args(Reading.LINE, 1, MANY, (LabelSelector(),), joined=True)),
        Property(
            "namespace_labels", Args(Reading.LINE, 1, MANY, (LabelSelector(),), joined=True), since=(1, 5, 0)
        ),
        _FALLTHROUGH,
        Property("ttl", _TTL),
        Property("noendpoints", FLAG, since=(1, 0, 6)),
        Property("zonal", FLAG, since=(1, 14, 7)),
        Property(
            "ignore",
            Args(Reading.LINE, 0, MANY, (OneOf(("empty_service",)), Anything()), used=1),
            since=(1, 1, 3),
        ),
        Property("kubeconfig", line(2, 2), since=(1, 2, 3), until=(1, 8, 3)),
        Property("kubeconfig", line(1, 2), since=(1, 8, 3)),
        Property("multicluster", ANY_ARGS, since=(1, 12, 2)),
        Property("startup_timeout", _EVERY, since=(1, 12, 3)),
        Property("apiserver_qps", line(1, 1, Number()), since=(1, 14, 0)),
        Property("apiserver_burst", line(1, 1, Integer(low=0)), since=(1, 14, 0)),
        Property("apiserver_max_inflight", line(1, 1, Integer(low=0)), since=(1, 14, 0)),
        Property("resyncperiod", ANY_ARGS, until=(1, 7, 0), deprecated=(1, 5, 0), ignored=(1, 6, 0)),
        Property("upstream", ANY_ARGS, until=(1, 7, 0), deprecated=(1, 4, 0), ignored=(1, 5, 0)),
        Property("transfer", ANY_ARGS, since=(1, 0, 6), until=(1, 8, 0), instead="the transfer plugin"),
    ),
    conflicts=(Conflict("namespaces", "namespace_labels"), Conflict("zonal", "noendpoints")),
    whole=kubernetes_zones,
)

FILE = Plugin(
    "file",
    (Form(Args(Reading.HEAD, 1, MANY)),),
    (
        Property("fallthrough", ANY_ARGS, since=(1, 12, 2)),
        Property("reload", _EVERY, since=(1, 2, 3)),
        Property("reload_by_mtime", since=(1, 14, 4)),
        _upstream(),
        Property("no_reload", until=(1, 5, 0), instead="reload 0"),
        Property("transfer", ANY_ARGS, until=(1, 8, 0), instead="the transfer plugin"),
    ),
)

_DIRECTORY = (Anything(), Regexp(groups=1), Anything())

AUTO = Plugin(
    "auto",
    (Form(ANY_ARGS),),
    (
        Property("directory", Args(Reading.WHOLE, 1, 3, _DIRECTORY, not_two)),
        Property("reload", _EVERY, since=(1, 2, 3), until=(1, 8, 7)),
        Property(
            "reload", Args(Reading.LINE, 1, MANY, (Duration(low=0), Anything()), used=1), since=(1, 8, 7)
        ),
        _upstream(),
        Property("no_reload", until=(1, 5, 0), instead="reload 0"),
        Property("transfer", ANY_ARGS, until=(1, 8, 0), instead="the transfer plugin"),
    ),
)

SECONDARY = Plugin(
    "secondary",
    (Form(ANY_ARGS),),
    (
        Property("transfer", Args(Reading.WHOLE, 2, MANY, check=transfer_from)),
        Property("catalog", FLAG, since=(1, 14, 5), until=(1, 14, 7)),
        Property("catalog", line(0, MANY, Zone()), since=(1, 14, 7)),
        Property("fallthrough", ANY_ARGS, since=(1, 14, 4)),
        Property("upstream", ANY_ARGS, until=(1, 8, 0), ignored=(1, 5, 0)),
    ),
    needs=(Needs("", "transfer", since=(1, 12, 2)),),
    only_named=True,
)

ETCD = Plugin(
    "etcd",
    (Form(ANY_ARGS, Repeat.FIRST),),
    (
        Property("stubzones", ignored=(1, 3, 0)),
        _FALLTHROUGH,
        Property("debug", ignored=(1, 0, 6)),
        Property("path", one(Anything())),
        Property("endpoint", line(1, MANY)),
        _upstream(),
        Property("tls", line(0, 3)),
        Property("credentials", line(2, 2), since=(1, 4, 0)),
        Property("min-lease-ttl", one(Anything()), since=(1, 12, 4)),
        Property("max-lease-ttl", one(Anything()), since=(1, 12, 4)),
    ),
)

LOOP = Plugin("loop", (Form(Args(Reading.WHOLE), Repeat.ONCE, Block.UNREAD),))

_POLICY = Property("policy", one(OneOf(("random", "round_robin", "sequential"))))

FORWARD = Plugin(
    "forward",
    (
        Form(Args(Reading.LINE, 2, MANY, check=forward_to), Repeat.ONCE),
        Form(Args(Reading.LINE, 2, MANY, check=forward_to), since=(1, 9, 4)),
    ),
    (
        Property("except", line(1, MANY)),
        Property("max_fails", one(Integer(0)), until=(1, 9, 0)),
        Property("max_fails", one(Unsigned(_UINT32)), since=(1, 9, 0)),
        Property("max_connect_attempts", one(Unsigned(_UINT32)), since=(1, 13, 2)),
        Property("health_check", Args(Reading.WHOLE, 1, MANY, (Duration(low=0), Anything()), health_check)),
        Property("force_tcp", FLAG),
        Property("prefer_udp", FLAG, since=(1, 2, 0)),
        Property("tls", line(0, 3)),
        Property("tls_servername", one(Anything())),
        Property("expire", one(Duration(low=0))),
        Property("max_age", one(Duration(low=0)), since=(1, 14, 3)),
        Property("max_idle_conns", one(Integer(low=0)), since=(1, 14, 1)),
        Property("read_timeout", one(Duration(low=1)), since=(1, 14, 5)),
        Property("doh_method", one(OneOf(("POST", "GET"))), since=(1, 14, 5)),
        _POLICY,
        Property("max_concurrent", one(Integer(low=0)), since=(1, 6, 8)),
        Property("next", Args(Reading.LINE, 1, MANY, check=rcodes), since=(1, 11, 4)),
        Property("next_on_nodata", FLAG, since=(1, 14, 4)),
        Property("failfast_all_unhealthy_upstreams", FLAG, since=(1, 12, 1)),
        Property("failover", Args(Reading.LINE, 1, MANY, check=failover_rcodes), since=(1, 13, 0)),
        Property("resolver", line(1, MANY, IpAndPort()), since=(1, 14, 4)),
        Property("source_address", one(IpAddress()), since=(1, 14, 6)),
    ),
    whole=forward_block,
)

GRPC = Plugin(
    "grpc",
    (Form(Args(Reading.LINE, 2, MANY, check=grpc_to), Repeat.ONCE),),
    (
        Property("except", line(1, MANY)),
        Property("tls", line(0, 3)),
        Property("tls_servername", one(Anything())),
        _POLICY,
        Property("fallthrough", ANY_ARGS, since=(1, 12, 3)),
    ),
)

_AMOUNT = Integer(0, (1 << 31) - 1)

ERRATIC = Plugin(
    "erratic",
    (Form(NOTHING),),
    (
        Property("drop", line(0, 1, _AMOUNT)),
        Property("delay", line(0, 2, _AMOUNT, Duration())),
        Property("truncate", line(0, 1, _AMOUNT)),
        Property("large", since=(1, 2, 5)),
    ),
)

WHOAMI = Plugin("whoami", (Form(Args(Reading.WHOLE), Repeat.FIRST, Block.UNREAD),))

ON = Plugin(
    "on",
    (
        Form(
            line(2, MANY, OneOf(("startup", "shutdown", "certrenew"), folded=True), Anything()),
            block=Block.UNREAD,
        ),
    ),
)

SIGN = Plugin(
    "sign",
    (Form(Args(Reading.HEAD, 1, MANY)),),
    (
        Property("key", Args(Reading.WHOLE, 1, MANY, check=key_source)),
        Property("directory", line(1, 1)),
    ),
)

VIEW = Plugin(
    "view",
    (Form(line(1, 1), Repeat.ONCE),),
    (Property("expr", Args(Reading.LINE, 0, MANY, (Expression(),), joined=True)),),
)

NOMAD = Plugin(
    "nomad",
    (Form(ANY_ARGS, Repeat.FIRST),),
    (
        Property("address", line(1, MANY)),
        Property("filter", line(1, 1), since=(1, 13, 2)),
        Property("token", line(1, 1)),
        Property("ttl", line(1, 1, Integer(0, 3600))),
    ),
    folded=True,
)

PLUGINS: tuple[Plugin, ...] = (
    TRANSFER, HOSTS, ROUTE53, AZURE, CLOUDDNS, K8S_EXTERNAL, KUBERNETES, FILE, AUTO, SECONDARY,
    ETCD, LOOP, FORWARD, GRPC, ERRATIC, WHOAMI, ON, SIGN, VIEW, NOMAD,
)  # fmt: skip
