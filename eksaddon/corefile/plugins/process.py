"""Plugins that set up the process, its listeners and its logs, in CoreDNS's order.

Source: setup of each plugin in github.com/coredns/coredns, every release from 1.8.0 to 1.14.7; when a
property of older releases came and went, from the property lists of all releases since 1.0.2.
"""

from eksaddon.corefile.plugins.argument_rules import consolidate, dnstap_buffers, tls_files, trace_endpoint
from eksaddon.corefile.plugins.values import (
    SECOND,
    Anything,
    Cidr,
    Duration,
    Integer,
    IpAddress,
    IpOrInterface,
    ListenAddress,
    Number,
    OneOf,
    Unsigned,
)
from eksaddon.corefile.plugins.vocabulary import (
    ANY_ARGS,
    FLAG,
    MANY,
    NOTHING,
    Args,
    Block,
    Form,
    Needs,
    Plugin,
    Property,
    Reading,
    Repeat,
    line,
    one,
)

MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

ROOT = Plugin("root", (Form(Args(Reading.ONE, 1, 1), block=Block.UNREAD),))

METADATA = Plugin("metadata", (Form(ANY_ARGS, Repeat.ONCE, Block.REFUSED),))

GEOIP = Plugin(
    "geoip",
    (Form(line(1, 1), Repeat.ONCE),),
    (Property("edns-subnet", since=(1, 9, 2)),),
)

CANCEL = Plugin("cancel", (Form(line(0, 1, Duration(low=1)), block=Block.UNREAD),))

PROXYPROTO = Plugin(
    "proxyproto",
    (Form(FLAG),),
    (
        Property("allow", line(0, MANY, Cidr())),
        Property("default", line(1, 1, OneOf(("use", "ignore", "reject", "skip"), folded=True))),
        Property("udp_session_tracking", line(1, 2, Duration(), Integer(low=1)), since=(1, 14, 3)),
    ),
)


def _limit(name: str, low: int = 0, since: tuple[int, int, int] = (0, 0, 0)) -> Property:
    return Property(name, line(1, 1, Integer(low=low)), since=since, once=True)


QUIC = Plugin(
    "quic",
    (Form(FLAG, Repeat.FIRST),),
    (_limit("max_streams", low=1), _limit("worker_pool_size", low=1)),
)
GRPC_SERVER = Plugin(
    "grpc_server", (Form(FLAG, Repeat.FIRST),), (_limit("max_streams"), _limit("max_connections"))
)
HTTPS = Plugin("https", (Form(FLAG, Repeat.FIRST),), (_limit("max_connections"),))
HTTPS3 = Plugin(
    "https3",
    (Form(FLAG, Repeat.FIRST),),
    (_limit("max_streams"), _limit("max_connections", since=(1, 14, 7))),
)

_TIMEOUT = line(1, 1, Duration(low=SECOND, high=24 * HOUR, bare=True))

TIMEOUTS = Plugin(
    "timeouts",
    (Form(FLAG),),
    (
        Property("read", _TIMEOUT),
        Property("write", _TIMEOUT),
        Property("idle", _TIMEOUT),
        Property("maxtcpqueries", line(1, 1, Integer(low=-1, zero=False)), since=(1, 14, 7)),
    ),
    needs=(Needs("", ""),),
)

MULTISOCKET = Plugin(
    "multisocket",
    (
        Form(line(0, 1, Integer(low=1)), Repeat.ONCE, Block.UNREAD),
        Form(line(0, 1, Integer(low=1, high=1024)), Repeat.ONCE, Block.UNREAD, since=(1, 13, 2)),
    ),
)

RELOAD = Plugin(
    "reload",
    (
        Form(line(0, 2, Duration(low=2 * SECOND), Duration(low=SECOND)), Repeat.FIRST, Block.UNREAD),
        Form(
            line(0, 2, Duration(low=2 * SECOND), Duration(low=SECOND, zero=True)),
            Repeat.FIRST,
            Block.UNREAD,
            since=(1, 14, 2),
        ),
    ),
)

NSID = Plugin("nsid", (Form(ANY_ARGS, Repeat.ONCE, Block.UNREAD),))

BUFSIZE = Plugin("bufsize", (Form(line(0, 1, Integer(512, 4096)), Repeat.FIRST, Block.UNREAD),))

_INTERFACES = line(1, MANY, IpOrInterface())

BIND = Plugin(
    "bind",
    (Form(line(1, MANY, IpAddress()), block=Block.UNREAD), Form(_INTERFACES, since=(1, 8, 4))),
    (Property("except", _INTERFACES, since=(1, 8, 4)),),
)

DEBUG = Plugin("debug", (Form(Args(Reading.WHOLE), block=Block.UNREAD),))

_BOOLEANS = ("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False")
"""As Go's strconv.ParseBool reads them."""

TRACE = Plugin(
    "trace",
    (Form(Args(Reading.LINE, 0, 2, check=trace_endpoint)),),
    (
        Property("every", line(1, 1, Unsigned(high=(1 << 64) - 1))),
        Property("service", line(1, 1)),
        Property("client_server", line(0, 1, OneOf(_BOOLEANS))),
        Property("datadog_analytics_rate", line(0, 1, Number(0.0, 1.0)), since=(1, 8, 0)),
        Property("zipkin_max_backlog_size", line(1, 1, Integer()), since=(1, 9, 4)),
        Property("zipkin_max_batch_size", line(1, 1, Integer()), since=(1, 9, 4)),
        Property("zipkin_max_batch_interval", line(1, 1, Duration()), since=(1, 9, 4)),
    ),
    refuses_unknown=(1, 14, 4),
)

READY = Plugin(
    "ready",
    (
        Form(line(0, 1, ListenAddress()), Repeat.ONCE, Block.UNREAD),
        Form(line(0, 1, ListenAddress()), Repeat.ONCE, since=(1, 12, 2)),
    ),
    (Property("monitor", line(1, 1, OneOf(("until-ready", "continuously"))), since=(1, 12, 2)),),
    refuses_unknown=(1, 14, 4),
)

HEALTH = Plugin(
    "health",
    (Form(line(0, 1, ListenAddress())),),
    (Property("lameduck", line(1, 1, Duration()), since=(1, 0, 5)),),
)

PPROF = Plugin(
    "pprof",
    (Form(line(0, 1, ListenAddress()), Repeat.ONCE),),
    (Property("block", line(0, 1, Integer()), since=(1, 5, 0)),),
)

SHED = Plugin("shed", (Form(FLAG, Repeat.ONCE, Block.REFUSED),))

PROMETHEUS = Plugin(
    "prometheus",
    (
        Form(line(0, 1, ListenAddress()), Repeat.ONCE, Block.UNREAD),
        Form(line(0, 1, ListenAddress()), Repeat.ONCE, since=(1, 14, 3)),
    ),
    (
        Property("runtime_metrics", FLAG, since=(1, 14, 3)),
        Property("tls", line(1, 1), since=(1, 14, 3), once=True),
    ),
)

ERRORS = Plugin(
    "errors",
    (Form(line(0, 1, OneOf(("stdout",))), Repeat.ONCE),),
    (
        Property("stacktrace", NOTHING, since=(1, 9, 3)),
        Property("consolidate", Args(Reading.LINE, 2, 2, (Anything(),), consolidate), until=(1, 8, 5)),
        Property(
            "consolidate",
            Args(Reading.LINE, 2, 3, (Anything(),), consolidate),
            since=(1, 8, 5),
            until=(1, 14, 0),
        ),
        Property("consolidate", Args(Reading.LINE, 2, 4, (Anything(),), consolidate), since=(1, 14, 0)),
    ),
)

LOG = Plugin(
    "log",
    (Form(ANY_ARGS),),
    (Property("class", line(1, MANY, OneOf(("all", "success", "denial", "error")))),),
)

DNSTAP = Plugin(
    "dnstap",
    (
        Form(Args(Reading.WHOLE, 1, MANY), Repeat.FIRST, Block.UNREAD),
        Form(line(1, MANY), Repeat.FIRST, since=(1, 9, 4)),
        Form(line(1, MANY), since=(1, 10, 1)),
        Form(Args(Reading.LINE, 1, MANY, check=dnstap_buffers), since=(1, 13, 0)),
    ),
    (
        Property("identity", one(Anything()), since=(1, 9, 4)),
        Property("version", one(Anything()), since=(1, 9, 4)),
        Property("skipverify", since=(1, 11, 0)),
        Property("extra", one(Anything()), since=(1, 11, 1)),
        Property("tls", line(2, MANY), since=(1, 14, 4)),
    ),
    refuses_unknown=(1, 14, 4),
)

_CLIENT_AUTH = ("nocert", "request", "require", "verify_if_given", "require_and_verify")

TLS = Plugin(
    "tls",
    (Form(line(2, 3)), Form(Args(Reading.LINE, 0, 3, check=tls_files), since=(1, 14, 7))),
    (
        Property("client_auth", line(1, 1, OneOf(_CLIENT_AUTH)), since=(1, 5, 1)),
        Property("keylog", line(1, 1), since=(1, 14, 3)),
        Property("acme", line(1, MANY), since=(1, 14, 7), once=True),
        Property("email", line(1, 1), since=(1, 14, 7), once=True),
        Property("ca", line(1, 1), since=(1, 14, 7), once=True),
        Property("storage", line(1, 1), since=(1, 14, 7), once=True),
        Property("ca_root", line(1, 1), since=(1, 14, 7), once=True),
        Property("resolver", line(1, 1), since=(1, 14, 7), once=True),
    ),
)

PLUGINS: tuple[Plugin, ...] = (
    ROOT, METADATA, GEOIP, CANCEL, PROXYPROTO, QUIC, GRPC_SERVER, HTTPS, HTTPS3, TIMEOUTS,
    MULTISOCKET, RELOAD, NSID, BUFSIZE, BIND, DEBUG, TRACE, READY, HEALTH, PPROF, SHED, PROMETHEUS,
    ERRORS, LOG, DNSTAP, TLS,
)  # fmt: skip
