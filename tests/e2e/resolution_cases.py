"""Corefiles of a cluster with slips in what they answer, drawn from a seed.

The words in capitals are filled in: for the static verdict as a pod has them, for a real CoreDNS as the
loopback interface has them.
"""

import random
from collections.abc import Callable, Mapping, Sequence

IN_A_POD = {"@DNS@": "53", "@UPSTREAM@": "10.0.0.2", "@BIND@": "", "@API@": ""}
"""What a Corefile has that the add-on's pods read."""

Draw = Callable[[random.Random], str]


def filled(text: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(name, word)
    return text


def cases(seed: int, count: int) -> Sequence[str]:
    dice = random.Random(seed)
    return [_corefile(dice) for _ in range(count)]


def _corefile(dice: random.Random) -> str:
    shapes: list[tuple[int, Callable[[random.Random], list[str]]]] = [
        (10, _one_block), (3, _split), (1, _no_root), (1, _other_port), (2, _views), (1, _two_hops),
    ]  # fmt: skip
    shape = dice.choices([each for _, each in shapes], [weight for weight, _ in shapes])[0]
    return "\n".join(shape(dice)) + "\n"


def _block(keys: str, lines: Sequence[str]) -> str:
    body = [line for line in ("@BIND@", *lines) if line]
    return "\n".join([f"{keys} {{", *(f"    {line}" for line in body), "}"])


def _one_block(dice: random.Random) -> list[str]:
    return [_block(_root_key(dice), _all_lines(dice))]


def _split(dice: random.Random) -> list[str]:
    """The cluster's zones in a block of their own."""
    zones = dice.choice(("cluster.local:@DNS@", "cluster.local:@DNS@ in-addr.arpa:@DNS@", "local:@DNS@"))
    inner = ["errors", *_maybe(dice, _hosts, 0.2), _kubernetes(dice), *_maybe(dice, _forward, 0.2)]
    root = ["errors", *_maybe(dice, _hosts, 0.3), *_maybe(dice, _template, 0.2), *_maybe(dice, _forward, 0.8)]
    blocks = [_block(zones, inner), _block(_root_key(dice), root)]
    dice.shuffle(blocks)
    return blocks


def _no_root(dice: random.Random) -> list[str]:
    zone = dice.choice(("cluster.local", "com", "org", "local", "com cluster.local"))
    return [_block(" ".join(f"{each}:@DNS@" for each in zone.split()), _all_lines(dice))]


def _other_port(dice: random.Random) -> list[str]:
    return [_block(dice.choice((".:@OTHER@", "tls://.:@OTHER@", "grpc://.:@OTHER@")), ["errors", "whoami"])]


def _views(dice: random.Random) -> list[str]:
    rule = dice.choice(("true", "false", "name() == 'example.com.'", "type() == 'PTR'"))
    first = [f"view one {{\n        expr {rule}\n    }}", "errors", *_maybe(dice, _forward, 0.5)]
    return [_block(".:@DNS@", first), _block(".:@DNS@", _all_lines(dice))]


def _two_hops(dice: random.Random) -> list[str]:
    """Through another port of the same pod, as for a fallback; or round in a circle."""
    back = dice.choice(("@UPSTREAM@", "@UPSTREAM@", "127.0.0.1:@DNS@"))
    inner = ["errors", *_maybe(dice, _hosts, 0.3), f"forward . {back}"]
    outer = ["errors", *_maybe(dice, _kubernetes, 0.8), "forward . 127.0.0.1:@OTHER@"]
    return [_block(".:@DNS@", outer), _block(".:@OTHER@", inner)]


def _root_key(dice: random.Random) -> str:
    return dice.choice((".:@DNS@", ".:@DNS@", ".:@DNS@", "dns://.:@DNS@", "dns://.:@DNS@"))


def _all_lines(dice: random.Random) -> list[str]:
    lines = [
        *_maybe(dice, lambda _: "errors", 0.8),
        *_maybe(dice, lambda _: "cache 30", 0.5),
        *_maybe(dice, _hosts, 0.3),
        *_maybe(dice, _template, 0.3),
        *_maybe(dice, _acl, 0.2),
        *_maybe(dice, _rewrite, 0.25),
        *_maybe(dice, _kubernetes, 0.9),
        *_maybe(dice, _forward, 0.9),
        *_maybe(dice, lambda _: "whoami", 0.06),
        *_maybe(dice, lambda _: "loadbalance", 0.3),
        *_maybe(dice, lambda _: "any", 0.1),
        *_maybe(dice, lambda _: "local", 0.1),
        *_maybe(dice, lambda _: "autopath @kubernetes", 0.0),
    ]
    dice.shuffle(lines)
    return lines


def _maybe(dice: random.Random, draw: Draw, share: float) -> list[str]:
    return [draw(dice)] if dice.random() < share else []


def _with(head: str, lines: Sequence[str]) -> str:
    if not lines:
        return head
    return "\n".join([f"{head} {{", *(f"        {line}" for line in lines), "    }"])


_FALL = (
    "fallthrough",
    "fallthrough",
    "",
    "fallthrough in-addr.arpa",
    "fallthrough com",
    "fallthrough cluster.local",
)


def _hosts(dice: random.Random) -> str:
    head = dice.choice(
        ("hosts", "hosts", "hosts /etc/hosts com", "hosts /etc/hosts corp.internal cluster.local")
    )
    entry = dice.choice(
        ("10.0.0.7 git.corp.internal", "10.0.0.7 example.com", "10.0.0.7 a.example.net b.corp")
    )
    return _with(head, [entry, *filter(None, [dice.choice(_FALL)])])


def _template(dice: random.Random) -> str:
    head = "template {} {} {}".format(
        dice.choice(("IN", "ANY")),
        dice.choice(("A", "AAAA", "ANY", "PTR")),
        dice.choice(("", ".", "com", "corp.internal")),
    ).rstrip()
    lines = [
        dice.choice(
            (
                "",
                "",
                "match .*",
                r"match ^ip-.*\.com\.$",
                r"match ^example\.",
                r"match (^|[.])svc\.cluster\.local\.$",
            )
        ),
        dice.choice(
            ("rcode NXDOMAIN", "rcode NOERROR", "rcode REFUSED", 'answer "{{ .Name }} 60 IN A 10.9.9.9"', "")
        ),
        dice.choice(_FALL),
    ]
    return _with(head, list(filter(None, lines)))


def _acl(dice: random.Random) -> str:
    policies = (
        "block", "block type A", "filter type AAAA", "drop type PTR net *", "block net 192.0.2.1",
        "allow net 127.0.0.0/8 10.0.0.0/8", "block net 127.0.0.0/8", "allow type A type PTR",
        "block type ANY", "filter type A type PTR",
    )  # fmt: skip
    zone = dice.choice(("", "", " com", " cluster.local"))
    return _with(f"acl{zone}", dice.sample(policies, dice.choice((1, 1, 2))))


def _rewrite(dice: random.Random) -> str:
    return dice.choice((
        "rewrite name git.corp.internal web.shop.svc.cluster.local",
        "rewrite name example.com web.shop.svc.cluster.local",
        "rewrite name suffix .corp.internal .cluster.local answer auto",
        "rewrite name regex (.*)\\.corp\\.internal {1}.svc.cluster.local answer auto",
        "rewrite stop type AAAA A",
        "rewrite continue ttl regex .* 30",
        "rewrite name exact kubernetes.default.svc.cluster.local nothing.invalid",
        "rewrite name prefix web. db.",
    ))  # fmt: skip


def _kubernetes(dice: random.Random) -> str:
    zones = dice.choice((
        "cluster.local in-addr.arpa ip6.arpa", "cluster.local in-addr.arpa ip6.arpa", "cluster.local",
        "cluster.local 10.100.0.0/16", "", "cluster.local com", "local", "svc.cluster.local in-addr.arpa",
    ))  # fmt: skip
    lines = [
        "@API@",
        dice.choice(("pods insecure", "")),
        dice.choice(
            ("", "", "", "namespaces shop", "namespaces default shop", "namespaces kube-system default")
        ),
        dice.choice(
            ("", "fallthrough", "fallthrough in-addr.arpa ip6.arpa", "fallthrough in-addr.arpa ip6.arpa")
        ),
        dice.choice(("ttl 30", "")),
    ]
    return _with(f"kubernetes {zones}".rstrip(), list(filter(None, lines)))


def _forward(dice: random.Random) -> str:
    return dice.choice((
        "forward . @UPSTREAM@", "forward . @UPSTREAM@", "forward . @UPSTREAM@", "forward . @UPSTREAM@",
        "forward . @UPSTREAM@ {\n        except cluster.local\n    }",
        "forward . @UPSTREAM@ {\n        except com in-addr.arpa\n    }",
        "forward com @UPSTREAM@", "forward corp.internal @UPSTREAM@",
        "forward . 127.0.0.1:@DNS@", "forward . 127.0.0.1:@NOTHING@", "forward example.com. @UPSTREAM@",
    ))  # fmt: skip
