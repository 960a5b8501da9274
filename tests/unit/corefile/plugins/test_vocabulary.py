"""The tables of directives and plugins: whole, without contradictions, and as the collected facts say."""

import csv
from collections.abc import Iterator, Mapping
from itertools import pairwise

import pytest

from eksaddon.corefile.plugins.table import PLUGINS
from eksaddon.corefile.plugins.values import Anything
from eksaddon.corefile.plugins.vocabulary import MANY, Args, Plugin, Property, Reading, Repeat
from eksaddon.corefile.syntax.directives import EXTERNAL, LIVES, stock_directives
from eksaddon.corefile.syntax.versions import (
    ENDLESS,
    FIRST,
    NEWEST_KNOWN,
    OLDEST_KNOWN,
    Version,
    show_version,
)
from tests.support.corefile.versions import coredns_version
from tests.support.paths import SHARED

REFERENCE = SHARED / "reference"


def rows(name: str) -> Iterator[Mapping[str, str]]:
    path = REFERENCE / name
    if not path.exists():
        pytest.skip(f"the facts are not at hand ({path})")
    with path.open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines, delimiter="\t")


def test_a_version_is_shown_without_its_build() -> None:
    assert show_version((1, 11, 4)) == "1.11.4"


def test_every_directive_that_still_exists_has_a_table_and_none_is_external() -> None:
    assert {name for name, life in LIVES.items() if life.covers(NEWEST_KNOWN)} == set(PLUGINS)
    assert not EXTERNAL & set(LIVES)


def test_the_stock_directives_differ_by_version() -> None:
    assert "proxy" in stock_directives((1, 4, 0))
    assert "proxy" not in stock_directives((1, 5, 0))
    assert "ready" not in stock_directives((1, 4, 0))
    assert "grpc_server" in stock_directives((1, 14, 0))


def test_no_property_is_in_two_forms_at_once_and_each_span_is_one() -> None:
    for plugin in PLUGINS.values():
        for name in {each.name for each in plugin.properties}:
            history = plugin.ever(name)
            assert all(each.since < each.until for each in history), (plugin.name, name)
            assert all(one.until <= other.since for one, other in pairwise(history)), (plugin.name, name)


def test_forms_are_oldest_first_and_one_fits_every_version() -> None:
    for plugin in PLUGINS.values():
        since = [form.since for form in plugin.forms]
        assert since == sorted(since)
        assert plugin.form(OLDEST_KNOWN) is plugin.forms[0]
        assert plugin.form(ENDLESS) is plugin.forms[-1]


def test_counts_of_arguments_are_possible() -> None:
    for plugin in PLUGINS.values():
        for args in [*(form.args for form in plugin.forms), *(each.args for each in plugin.properties)]:
            assert 0 <= args.least <= args.most <= MANY
            assert not (args.reading is Reading.NOTHING and args.most)


def test_a_property_is_found_in_the_form_of_the_version() -> None:
    cache = PLUGINS["cache"]
    old, new = cache.find("serve_stale", (1, 8, 0)), cache.find("serve_stale", (1, 14, 7))
    assert (old.args.most if old else None, new.args.most if new else None) == (1, 5)
    assert cache.find("servfail", (1, 9, 3)) is None
    assert cache.find("SUCCESS", (1, 14, 7)) is None
    assert PLUGINS["acl"].find("ALLOW", (1, 14, 7)) is not None
    assert PLUGINS["acl"].ever("Block")[0].name == "block"


def test_kinds_hold_by_position_and_the_last_one_for_the_rest() -> None:
    assert Args(Reading.LINE).kind(3) == Anything()
    plugin = Plugin("x", (), (Property("y"),))
    assert plugin.properties[0].exists(FIRST)
    prefetch = PLUGINS["cache"].find("prefetch", NEWEST_KNOWN)
    assert prefetch is not None
    assert prefetch.args.kind(2) == prefetch.args.kind(9)


def test_directives_come_and_go_as_the_collected_facts_say() -> None:
    for row in rows("corefile-directives-by-version.tsv"):
        life = LIVES[row["directive"]]
        first, last = coredns_version(row["first_tag"]), coredns_version(row["last_tag"])
        assert life.covers(first), row
        assert life.covers(last), row
        assert life.since in {FIRST, first}, row
        if last < NEWEST_KNOWN:
            assert last < life.until < ENDLESS, row


NOT_PROPERTIES = {
    ("ready", "continuously"), ("ready", "until-ready"), ("errors", "debug"), ("errors", "error"),
    ("errors", "info"), ("errors", "warning"), ("log", "{combined}"), ("log", "{common}"),
    ("forward", "domain"), ("forward", "no_rec"), ("forward", "random"), ("forward", "round_robin"),
    ("forward", "sequential"), ("grpc", "random"), ("grpc", "round_robin"), ("grpc", "sequential"),
    ("cache", "prefer_positive"), ("acl", "net"), ("acl", "type"), ("tls", "nocert"), ("tls", "request"),
    ("tls", "require"), ("tls", "require_and_verify"), ("tls", "verify_if_given"), ("tsig", "algorithm"),
    ("tsig", "}"), ("tsig", "};"), ("local", "on"), ("local", "off"), ("proxyproto", "use"),
    ("proxyproto", "ignore"), ("proxyproto", "reject"), ("proxyproto", "skip"),
    ("dnssec", "aws_secretsmanager"), ("dnssec", "file"), ("trace", "zipkin"),
}  # fmt: skip
"""Words of arguments, which the facts list beside the properties."""


def test_properties_exist_from_first_to_last_as_the_collected_facts_say() -> None:
    for row in rows("corefile-properties-by-version.tsv"):
        name = {"metrics": "prometheus"}.get(row["plugin"], row["plugin"])
        if (name, row["property"]) in NOT_PROPERTIES:
            continue
        plugin = PLUGINS[name]
        first, last = coredns_version(row["first_tag"]), coredns_version(row["last_tag"])
        assert plugin.find(row["property"], last) is not None, row
        assert plugin.ever(row["property"])[-1].until > last, row
        if last < NEWEST_KNOWN:
            assert plugin.find(row["property"], NEWEST_KNOWN) is None, row
        born = max(LIVES[name].since, OLDEST_KNOWN)
        if first > born and (name, row["property"]) not in SPELT_OTHERWISE_BEFORE:
            assert plugin.ever(row["property"])[0].since == first, row


SPELT_OTHERWISE_BEFORE = {
    ("acl", "allow"), ("acl", "block"), ("acl", "filter"), ("acl", "drop"), ("header", "query"),
    ("header", "response"), ("header", "set"), ("header", "clear"), ("errors", "consolidate"),
    ("auto", "transfer"),
}  # fmt: skip
"""Not yet a word of its own in the setup code of older releases, so that the facts begin too late."""


def test_deprecations_and_removals_start_at_the_version_of_the_facts() -> None:
    seen: set[tuple[str, str, str]] = set()
    for row in rows("corefile-deprecations.tsv"):
        name, word, status = row["plugin"], row["option"], row["status"]
        if status == "newdefault" or (name, word, status) in seen or word == "protocol":
            continue
        seen.add((name, word, status))
        assert (
            _since(name, word, status) == coredns_version(row["coredns_version"]) or (name, word) in DIFFERS
        ), row


DIFFERS = {("kubernetes", "endpoint")}
"""Only the endpoints behind the first are ignored; that is a matter of arguments."""


def _since(name: str, word: str, status: str) -> Version:
    if not word:
        life = LIVES[name]
        return life.deprecated if status == "deprecated" else life.until
    last = PLUGINS[name].ever(word)[-1]
    return {"deprecated": last.deprecated, "ignored": last.ignored, "removed": last.until}[status]


def test_endpoints_behind_the_first_are_ignored_since_1_4_0() -> None:
    endpoint = PLUGINS["kubernetes"].find("endpoint", (1, 4, 0))
    before = PLUGINS["kubernetes"].find("endpoint", (1, 3, 1))
    assert endpoint is not None
    assert before is not None
    assert (before.args.used, endpoint.args.used) == (MANY, 1)


def test_repeats_are_refused_where_the_facts_say_so() -> None:
    for row in rows("corefile-directive-repeat.tsv"):
        if row["directive"] in {"bind", "sign"} or row["once"] != "ok":
            continue  # bind is refused for the address that is served twice, sign for its missing file
        refused = row["twice_in_block"].startswith("ERR")
        form = PLUGINS[row["directive"]].form(NEWEST_KNOWN)
        assert (form.repeat is Repeat.ONCE) == refused, row
