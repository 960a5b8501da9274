import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.corefile.desired.apply import NotApplied, apply_desired
from eksaddon.corefile.editing.edits import Reason
from eksaddon.corefile.editing.verify import readings
from eksaddon.corefile.syntax.parser import parse
from eksaddon.corefile.syntax.tokens import decode
from eksaddon.domain.corefile.desired import CorefileSetting, DesiredCorefile, DesiredServer, Words
from tests.support.corefile.corpus import corpus

MAIN = """.:53 {
    errors
    health {
        lameduck 5s
    }
    kubernetes cluster.local in-addr.arpa {  # zones
        pods insecure
    }
    forward . /etc/resolv.conf
    cache 30
    reload
}
"""
STUB = "\ncorp.example.com:53 {\n    cache 10\n    forward . 10.0.0.9\n}\n"


def settings(**words: Words) -> DesiredCorefile:
    return DesiredCorefile(settings=tuple(CorefileSetting(path, words[path]) for path in sorted(words)))


def applied(text: str, **words: Words) -> str:
    found = apply_desired(text, settings(**words))
    assert isinstance(found, str)
    return found


def refused(text: str, **words: Words) -> NotApplied:
    found = apply_desired(text, settings(**words))
    assert isinstance(found, NotApplied)
    return found


# the path, its words, what is replaced by what
SET: list[tuple[str, Words, str, str]] = [
    ("cache.ttl", ("60",), "cache 30", "cache 60"),
    ("cache.ttl", (), "cache 30", "cache"),
    ("cache", ("60", "."), "cache 30", "cache 60 ."),
    ("cache.serve_stale", True, "cache 30", "cache 30 {\n        serve_stale\n    }"),
    ("forward.to", ("10.0.0.2", "10.0.0.3"), "/etc/resolv.conf", "10.0.0.2 10.0.0.3"),
    ("forward.from", ("example.org",), "forward .", "forward example.org"),
    ("forward.max_concurrent", ("1000",), "v.conf\n", "v.conf {\n        max_concurrent 1000\n    }\n"),
    ("health.lameduck", False, "health {\n        lameduck 5s\n    }", "health"),
    ("health.lameduck", True, "", ""),
    ("reload.jitter", ("5s",), "reload", "reload 30s 5s"),
    ("reload.interval", ("10s",), "reload", "reload 10s"),
    ("kubernetes.zones", ("cluster.local",), " in-addr.arpa", ""),
    ("kubernetes.ttl", ("10",), "pods insecure\n", "pods insecure\n        ttl 10\n"),
    ("reload", False, "    reload\n", ""),
    ("log", True, "    errors\n", "    log\n    errors\n"),
    ("errors", True, "", ""),
    ("loop", False, "", ""),
    ("bufsize.size", ("1232",), "    errors\n", "    bufsize 1232\n    errors\n"),
    ("bufsize.size", (), "", ""),
    ("reload.jitter", (), "", ""),
    ("reload.interval", (), "", ""),
    ("prometheus.address", (":9153",), "    errors\n", "    prometheus :9153\n    errors\n"),
    ("loop", True, "    errors\n", "    loop\n    errors\n"),
    ("ready.monitor", True, "    errors\n", "    ready {\n        monitor\n    }\n    errors\n"),
]


@pytest.mark.parametrize(("path", "words", "old", "new"), SET)
def test_a_setting_changes_its_words_and_nothing_else(path: str, words: Words, old: str, new: str) -> None:
    assert applied(MAIN, **{path: words}) == MAIN.replace(old, new, 1)


@pytest.mark.parametrize(
    ("path", "old", "new", "read"),
    [
        ("reload.interval", "    reload\n", "    reload 30s 10s\n", "10s"),
        ("forward.from", "forward . /etc/resolv.conf", "forward . 10.0.0.2", "10.0.0.2"),
    ],
)
def test_a_named_argument_is_not_removed_where_the_next_one_would_take_its_place(
    path: str, old: str, new: str, read: str
) -> None:
    fault = refused(MAIN.replace(old, new), **{path: ()})
    assert fault.refused.message.endswith(f"would read `{read}` in its place")
    assert fault.refused.hint.startswith("set all words of the line")


def test_the_last_named_argument_can_be_removed() -> None:
    assert applied(MAIN.replace("reload", "reload 30s 10s"), **{"reload.jitter": ()}) == MAIN.replace(
        "reload", "reload 30s"
    )


def test_a_ttl_is_put_in_front_of_the_zones() -> None:
    assert applied(". {\n cache example.org\n}", **{"cache.ttl": ("60",)}) == ". {\n cache 60 example.org\n}"
    assert applied(". {\n cache 5 example.org\n}", **{"cache.ttl": False}) == ". {\n cache example.org\n}"


def test_one_of_several_properties_is_chosen_by_its_number() -> None:
    text = ". {\n errors {\n  consolidate 1m a\n  consolidate 2m b\n }\n}"
    assert applied(text, **{"errors.consolidate[2]": ("5m", "b")}) == text.replace("2m", "5m")
    found = refused(text, **{"errors.consolidate": ("5m", "b")})
    assert found.refused.hint == "choose one by its number, such as `errors.consolidate[2]`"
    assert "no number 3" in refused(text, **{"errors.consolidate[3]": ("5m", "b")}).refused.message
    assert applied(text, **{"errors.consolidate[1]": True}) == text


def test_without_a_key_the_block_is_the_only_one_with_the_directive() -> None:
    text = MAIN + STUB
    found = refused(text, **{"cache.ttl": ("60",)})
    assert found.path == "corefile.settings.cache.ttl"
    assert found.refused.hint == (
        'name the server block by its key or number: "#1".cache for .:53, "#2".cache for corp.example.com:53'
    )
    assert applied(text, **{'"corp.example.com".cache.ttl': ("60",)}) == MAIN + STUB.replace(
        "cache 10", "cache 60"
    )
    assert applied(text, **{'"#1".cache.ttl': ("60",)}) == MAIN.replace("30", "60") + STUB


def test_an_owned_block_is_not_meant_without_its_key() -> None:
    server = DesiredServer("corp", ("corp.example.com:53",), ("10.0.0.9",), 10)
    words: dict[str, Words] = {"cache.ttl": ("60",), "loop": True}
    wanted = replace(settings(**words), servers=(server,))
    text = apply_desired(MAIN, wanted)
    assert isinstance(text, str)
    assert "cache 60" in text
    assert "cache 10" in text
    assert text.index("loop") < text.index("corp")


def test_an_owned_block_is_set_under_its_server() -> None:
    server = DesiredServer("corp", ("corp.example.com:53",), ("10.0.0.9",), 10)
    wanted = replace(settings(**{'"corp.example.com".cache.ttl': ("60",)}), servers=(server,))
    found = apply_desired(MAIN, wanted)
    assert isinstance(found, NotApplied)
    assert found.refused.reason is Reason.NOT_OWNED
    assert found.refused.hint == "set it in corefile.servers.corp.settings, as 'cache.ttl'"
    assert isinstance(
        apply_desired(MAIN, replace(wanted, settings=(CorefileSetting('"#1".loop', words=True),))), str
    )


def test_a_server_that_cannot_be_added_is_named() -> None:
    server = DesiredServer("corp", ("corp.example.com:53",), ("10.0.0.9",), 10)
    found = apply_desired(MAIN + STUB, DesiredCorefile(servers=(server,)))
    assert isinstance(found, NotApplied)
    assert (found.path, found.refused.reason) == ("corefile.servers", Reason.NOT_OWNED)


@pytest.mark.parametrize(
    "words",
    [
        {"cache": ("10",), "cache.ttl": ("60",)},
        {"cache.ttl": ("10",), '".:53".cache.ttl': ("60",)},
        {"reload": False, "reload.jitter": ("5s",)},
        {"forward.policy": ("random",), "forward[1].policy": ("sequential",)},
    ],
)
def test_settings_that_contradict_each_other_are_refused_and_both_are_named(words: dict[str, Words]) -> None:
    found = refused(MAIN, **words)
    assert found.refused.reason is Reason.CONTRADICTORY
    assert all(path in found.refused.message for path in words)
    assert found.refused.hint == "keep one of them; an override can set a path to null to stop managing it"


def test_a_corefile_that_coredns_refuses_is_not_edited() -> None:
    assert refused(". {\n nonsense\n}", errors=True).refused.reason is Reason.UNPARSABLE


PATHS: dict[str, list[Words]] = {
    "cache.ttl": [("60",), ("5",)],
    "cache.serve_stale": [True, False, ("1h",)],
    "errors": [True, False],
    "forward.max_concurrent": [("1000",), False],
    "forward.policy": [("random",), ()],
    "health.lameduck": [("20s",), True, False],
    "log": [True, False],
    "loop": [True, False],
    "reload.interval": [("10s",)],
    '"#1".ready': [True, (":8282",)],
    "prometheus.address": [(":9153",)],
}
CHOSEN = st.fixed_dictionaries({}, optional={path: st.sampled_from(each) for path, each in PATHS.items()})
SERVERS = st.lists(
    st.builds(
        DesiredServer,
        st.sampled_from(["a", "b", "c", "d"]),
        st.just(("x:53",)),
        st.lists(st.sampled_from(["10.0.0.2", "10.0.0.3:5353"]), min_size=1, max_size=2, unique=True).map(
            tuple
        ),
        st.sampled_from([0, 30]),
    ),
    unique_by=lambda one: one.name,
    max_size=4,
).map(lambda found: tuple(replace(one, zones=(f"{one.name}.example.com:53",)) for one in found))
TEXTS = st.sampled_from([MAIN, MAIN + STUB, MAIN.rstrip(), *(decode(each.data) for each in corpus())])


@given(text=TEXTS, words=CHOSEN, servers=st.none() | SERVERS, seed=st.integers(0, 9))
def test_settings_are_idempotent_and_independent_of_order(
    text: str, words: dict[str, Words], servers: tuple[DesiredServer, ...] | None, seed: int
) -> None:
    wanted = replace(settings(**words), servers=servers)
    once = apply_desired(text, wanted)
    if isinstance(once, NotApplied):
        assert once.refused.message
        return
    assert parse(once).fault is None or once == text
    assert apply_desired(once, wanted) == once
    mixed = DesiredCorefile(
        settings=tuple(random.Random(seed).sample(wanted.settings, len(words))),
        servers=None if servers is None else tuple(random.Random(seed).sample(servers, len(servers))),
    )
    assert apply_desired(text, mixed) == once
    named = {path.rpartition('".')[2].partition(".")[0] for path in words}
    assert [line for line in text.splitlines() if line.startswith("#") and line not in once] == []
    assert _others(once, named, servers or ()) == _others(text, named, servers or ())


def _others(text: str, named: set[str], servers: tuple[DesiredServer, ...]) -> list[object]:
    """What the plugins read, without the named directives and the servers."""
    zones = {one.zones for one in servers}
    return [
        (block.keys, {name: each for name, each in readings(block).items() if name not in named})
        for block in parse(text).blocks
        if block.keys not in zones
    ]


@given(text=TEXTS, servers=SERVERS, others=SERVERS)
def test_removing_servers_gives_back_the_bytes(
    text: str, servers: tuple[DesiredServer, ...], others: tuple[DesiredServer, ...]
) -> None:
    none = apply_desired(text, DesiredCorefile(servers=()))
    added = apply_desired(text, DesiredCorefile(servers=servers))
    if isinstance(none, NotApplied) or isinstance(added, NotApplied):
        return
    assert none == text
    assert apply_desired(added, DesiredCorefile(servers=())) == text
    assert apply_desired(added, DesiredCorefile(servers=others)) == apply_desired(
        text, DesiredCorefile(servers=others)
    )
