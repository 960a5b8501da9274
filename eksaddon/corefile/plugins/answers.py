"""Plugins that change queries and answers on their way, in CoreDNS's order.

Source: setup of each plugin in github.com/coredns/coredns, every release from 1.8.0 to 1.14.7; when a
property of older releases came and went, from the property lists of all releases since 1.0.2.
"""

from eksaddon.corefile.plugins.argument_rules import (
    acl_policy,
    cache_ttl,
    dnssec_key,
    header_flags,
    header_rule,
    loadbalance_block,
    loadbalance_policy,
    lone_round_robin,
    required_opcodes,
    required_types,
    serve_stale,
    tsig_keys,
)
from eksaddon.corefile.plugins.dns_types import CLASSES, RCODES, TYPES
from eksaddon.corefile.plugins.rewrite_rules import rewrite_rule
from eksaddon.corefile.plugins.values import (
    SECOND,
    Anything,
    Cidr,
    Duration,
    Integer,
    OneOf,
    Percentage,
    Regexp,
    Template,
    TranslationPrefix,
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

_NO_ARGS_NO_BLOCK = Form(Args(Reading.WHOLE), Repeat.FIRST, Block.REFUSED, since=(1, 14, 4))
_NOTHING_READ = Form(NOTHING, Repeat.FIRST, Block.UNREAD)

LOCAL = Plugin(
    "local",
    (_NOTHING_READ, _NO_ARGS_NO_BLOCK, Form(FLAG, since=(1, 14, 5))),
    (Property("localhost_prefix", line(1, 1, OneOf(("on", "off"))), since=(1, 14, 5)),),
)

DNS64 = Plugin(
    "dns64",
    (Form(line(0, 1, TranslationPrefix()), args_or_block=True),),
    (
        Property("prefix", one(TranslationPrefix())),
        Property("translate_all"),
        Property("allow_ipv4", since=(1, 8, 7)),
    ),
)

ANY = Plugin("any", (_NOTHING_READ, _NO_ARGS_NO_BLOCK))

CHAOS = Plugin(
    "chaos",
    (
        Form(ANY_ARGS, Repeat.FIRST, Block.UNREAD),
        Form(ANY_ARGS, Repeat.FIRST, Block.REFUSED, since=(1, 14, 4)),
    ),
)

_WEIGHTED = OneOf(("round_robin", "weighted"))

LOADBALANCE = Plugin(
    "loadbalance",
    (
        Form(Args(Reading.LINE, 0, MANY, check=lone_round_robin), Repeat.FIRST, Block.UNREAD),
        Form(
            Args(Reading.LINE, 0, 2, (_WEIGHTED, Anything()), loadbalance_policy),
            Repeat.FIRST,
            Block.UNCHECKED,
            (1, 10, 1),
            reads_for="weighted",
        ),
        Form(Args(Reading.LINE, 0, 2, (_WEIGHTED, Anything()), loadbalance_policy), since=(1, 12, 4)),
    ),
    (
        Property("reload", line(1, 1, Duration()), since=(1, 10, 1)),
        Property("prefer", line(0, MANY, Cidr()), since=(1, 12, 4)),
    ),
    whole=loadbalance_block,
)

TSIG = Plugin(
    "tsig",
    (Form(ANY_ARGS, Repeat.ONCE),),
    (
        Property("secret", line(2, 2)),
        Property("secrets", line(1, 1)),
        Property("require", Args(Reading.LINE, 1, MANY, check=required_types)),
        Property("require_opcode", Args(Reading.LINE, 1, MANY, check=required_opcodes), since=(1, 14, 3)),
    ),
    whole=tsig_keys,
)

REWRITE = Plugin(
    "rewrite", (Form(Args(Reading.LINE, 0, MANY, check=rewrite_rule), block=Block.ARGUMENTS),), ordered=True
)

AUTOPATH = Plugin("autopath", (Form(line(1, MANY), block=Block.UNREAD),))

_POLICY = Args(Reading.LINE, 0, MANY, check=acl_policy)

ACL = Plugin(
    "acl",
    (Form(ANY_ARGS),),
    (
        Property("allow", _POLICY),
        Property("block", _POLICY),
        Property("filter", _POLICY, since=(1, 8, 3)),
        Property("drop", _POLICY, since=(1, 10, 1)),
    ),
    ordered=True,
    folded=True,
)

_CAPACITY = Args(Reading.LINE, 1, MANY, (Integer(), Integer(low=1), Integer(low=0), Anything()), used=3)

CACHE = Plugin(
    "cache",
    (Form(Args(Reading.LINE, 0, MANY, check=cache_ttl), Repeat.ONCE),),
    (
        Property("success", _CAPACITY),
        Property("denial", _CAPACITY),
        Property("prefetch", line(1, 3, Integer(low=0), Duration(), Percentage(10, 90))),
        Property("serve_stale", line(0, 1, Duration(low=0)), since=(1, 6, 6), until=(1, 9, 2)),
        Property(
            "serve_stale", Args(Reading.LINE, 0, 2, check=serve_stale), since=(1, 9, 2), until=(1, 14, 4)
        ),
        Property(
            "serve_stale", Args(Reading.LINE, 0, 3, check=serve_stale), since=(1, 14, 4), until=(1, 14, 7)
        ),
        Property("serve_stale", Args(Reading.LINE, 0, 5, check=serve_stale), since=(1, 14, 7)),
        Property(
            "serve_stale_policy",
            line(1, 1, OneOf(("prefer_positive",), folded=True)),
            since=(1, 14, 7),
            once=True,
        ),
        Property("servfail", line(1, 1, Duration(low=0, high=5 * MINUTE)), since=(1, 9, 4)),
        Property("disable", line(1, MANY, OneOf(("success", "denial")), Anything()), since=(1, 9, 4)),
        Property("keepttl", FLAG, since=(1, 10, 1)),
    ),
    needs=(Needs("serve_stale_policy", "serve_stale"),),
)

_FLAGS = Args(Reading.LINE, 1, MANY, check=header_flags)
_HEADER = Args(Reading.LINE, 1, MANY, check=header_rule)

HEADER = Plugin(
    "header",
    (Form(NOTHING, Repeat.FIRST),),
    (
        Property("query", _HEADER, since=(1, 9, 4)),
        Property("response", _HEADER, since=(1, 9, 4)),
        Property("set", _FLAGS, until=(1, 12, 4), deprecated=(1, 9, 4), instead="response set"),
        Property("clear", _FLAGS, until=(1, 12, 4), deprecated=(1, 9, 4), instead="response clear"),
    ),
    folded=True,
)

DNSSEC = Plugin(
    "dnssec",
    (Form(ANY_ARGS, Repeat.ONCE),),
    (
        Property("key", Args(Reading.WHOLE, 1, MANY, check=dnssec_key)),
        Property("cache_capacity", one(Integer())),
    ),
)

MINIMAL = Plugin("minimal", (Form(Args(Reading.WHOLE), Repeat.FIRST, Block.UNREAD),))

_TEXTS = line(1, MANY, Template())

TEMPLATE = Plugin(
    "template",
    (Form(line(2, MANY, OneOf(CLASSES), OneOf(TYPES), Anything())),),
    (
        Property("match", line(1, MANY, Regexp())),
        Property("answer", _TEXTS),
        Property("additional", _TEXTS),
        Property("authority", _TEXTS),
        Property("rcode", one(OneOf(RCODES))),
        Property("ederror", line(1, 2, Unsigned(high=65535), Anything()), since=(1, 10, 1)),
        Property("fallthrough", ANY_ARGS),
        Property("upstream", ANY_ARGS, since=(1, 0, 6), ignored=(1, 5, 0)),
    ),
)

PLUGINS: tuple[Plugin, ...] = (
    LOCAL, DNS64, ANY, CHAOS, LOADBALANCE, TSIG, REWRITE, AUTOPATH, ACL, CACHE, HEADER, DNSSEC,
    MINIMAL, TEMPLATE,
)  # fmt: skip
