from pathlib import Path

import pytest

from eksaddon.config.explain import explain
from eksaddon.config.findings import fleet_findings
from eksaddon.config.flags import read_flags
from eksaddon.config.load import load_fleet
from eksaddon.domain.corefile.desired import (
    NO_COREFILE,
    CorefileSetting,
    DesiredCorefile,
    DesiredServer,
)
from eksaddon.domain.errors import EksdnsError
from tests.support.fleets import TODAY, desired, fleet, target

BASE = """
coredns:
  corefile:
    settings:
      cache.ttl: 60
      forward.maxConcurrent: 2000
      '".".errors.consolidate': 5m ".* i/o timeout$" warning
      log: false
    servers:
      corp: {zones: [corp.example.com, 10.in-addr.arpa], forward: 10.0.0.10}
      lab:
        {zones: lab.example.com:5353, forward: [10.0.0.9], cache: false, settings: {forward.policy: random}}
"""
CORP = DesiredServer("corp", ("corp.example.com:53", "10.in-addr.arpa:53"), ("10.0.0.10",), 30)
LAB = DesiredServer(
    "lab", ("lab.example.com:5353",), ("10.0.0.9",), 0, (CorefileSetting("forward.policy", ("random",)),)
)
SETTINGS = (
    CorefileSetting('".:53".errors.consolidate', ("5m", ".* i/o timeout$", "warning")),
    CorefileSetting("cache.ttl", ("60",)),
    CorefileSetting("forward.max_concurrent", ("2000",)),
    CorefileSetting("log", words=False),
)


def override(text: str) -> str:
    return BASE + "overrides:\n  - match: {cluster: prod-1}\n    coredns:\n      corefile: " + text


def waiver(path: str) -> str:
    rest = "owner: dns, reason: trial, until: 2031-01-01"
    return BASE + f"waivers:\n  - {{match: {{cluster: prod-1}}, path: '{path}', {rest}}}"


def test_settings_and_servers_are_read_with_canonical_paths() -> None:
    state = desired(BASE)
    assert state.corefile == DesiredCorefile(settings=SETTINGS, servers=(CORP, LAB))
    assert state.manages_corefile
    assert not state.is_empty
    assert state.values == {}
    assert state.key != desired(BASE.replace("2000", "2001")).key
    assert state.key != desired(BASE.replace("10.0.0.10", "10.0.0.11")).key


def test_nothing_is_managed_without_the_key() -> None:
    assert desired("coredns: {replicaCount: 2}").corefile == NO_COREFILE
    assert desired("coredns: {corefile: {servers: null, settings: {}}}").corefile.is_empty
    assert not desired("coredns: {corefile: {servers: {}}}").corefile.is_empty


def test_every_path_is_explained_by_its_line() -> None:
    found = explain(fleet(override("{settings: {cache.ttl: 5}}")), target("prod-1"), (), TODAY)
    rows = {field.path: (str(field.winner.origin.location), len(field.overridden)) for field in found.fields}
    assert rows == {
        'corefile.settings.".:53".errors.consolidate': ("f.yaml:8:7", 0),
        "corefile.settings.cache.ttl": ("f.yaml:17:29", 1),
        "corefile.settings.forward.max_concurrent": ("f.yaml:7:7", 0),
        "corefile.settings.log": ("f.yaml:9:7", 0),
        "corefile.servers.corp": ("f.yaml:11:7", 0),
        "corefile.servers.lab": ("f.yaml:12:7", 0),
    }


# an override, the desired Corefile
MERGED = {
    "{settings: {cache.ttl: 5, forward.max_concurrent: null}}": DesiredCorefile(
        settings=(SETTINGS[0], CorefileSetting("cache.ttl", ("5",)), SETTINGS[3]), servers=(CORP, LAB)
    ),
    "{settings: null}": DesiredCorefile(servers=(CORP, LAB)),
    "{servers: {corp: null}}": DesiredCorefile(settings=SETTINGS, servers=(LAB,)),
    "{servers: {corp: null, lab: null}}": DesiredCorefile(settings=SETTINGS, servers=()),
    "{servers: null}": DesiredCorefile(settings=SETTINGS),
    "{servers: {}}": DesiredCorefile(settings=SETTINGS, servers=(CORP, LAB)),
    "{servers: {corp: {zones: a, forward: 10.9.9.9, cache: 5}}}": DesiredCorefile(
        settings=SETTINGS, servers=(DesiredServer("corp", ("a:53",), ("10.9.9.9",), 5), LAB)
    ),
    "{text: '. { }'}": DesiredCorefile(text=". { }", settings=SETTINGS, servers=(CORP, LAB)),
    "null": NO_COREFILE,
}


@pytest.mark.parametrize(("text", "expected"), MERGED.items())
def test_an_override_is_merged_path_by_path(text: str, expected: DesiredCorefile) -> None:
    assert desired(override(text), target("prod-1")).corefile == expected
    assert desired(override(text), target("other")).corefile == DesiredCorefile(
        settings=SETTINGS, servers=(CORP, LAB)
    )


# the path of a waiver, the desired Corefile, the waived paths
WAIVED: dict[str, tuple[DesiredCorefile, set[str]]] = {
    "corefile.settings.forward.maxConcurrent": (
        DesiredCorefile(settings=(*SETTINGS[:2], SETTINGS[3]), servers=(CORP, LAB)),
        {"corefile.settings.forward.max_concurrent"},
    ),
    "corefile.settings.cache": (
        DesiredCorefile(settings=(SETTINGS[0], *SETTINGS[2:]), servers=(CORP, LAB)),
        {"corefile.settings.cache.ttl"},
    ),
    "corefile.settings.no such": (DesiredCorefile(settings=SETTINGS, servers=(CORP, LAB)), set()),
    "corefile.servers.corp": (
        DesiredCorefile(settings=SETTINGS, servers=(LAB,), left_alone=frozenset({"corp"})),
        {"corefile.servers.corp"},
    ),
    "corefile.servers.gone": (
        DesiredCorefile(settings=SETTINGS, servers=(CORP, LAB), left_alone=frozenset({"gone"})),
        set(),
    ),
    "corefile.servers": (
        DesiredCorefile(settings=SETTINGS, servers=(), left_alone=frozenset({"*"})),
        {"corefile.servers.corp", "corefile.servers.lab"},
    ),
}


@pytest.mark.parametrize(("path", "expected"), WAIVED.items())
def test_a_waiver_excludes_a_path(path: str, expected: tuple[DesiredCorefile, set[str]]) -> None:
    state = desired(waiver(path), target("prod-1"))
    assert (state.corefile, set(state.waived)) == expected
    assert [one.rule for one in fleet_findings(fleet(waiver(path)), TODAY)] == (
        [] if expected[1] else ["waiver-idle"]
    )


def test_a_waiver_for_one_server_does_not_keep_the_others_from_being_removed() -> None:
    text = waiver("corefile.servers.corp").replace(BASE, "coredns: {corefile: {servers: {}}}\n")
    assert desired(text, target("prod-1")).corefile == DesiredCorefile(
        servers=(), left_alone=frozenset({"corp"})
    )


# a `corefile` block, where and what the fault is, the way out
FAULTS = {
    "{settings: {chache.ttl: 1}}": (
        "f.yaml:3:25",
        "chache.ttl: unknown directive 'chache'",
        "did you mean 'cache'?",
    ),
    "{settings: {cache.ttl: {a: 1}}}": ("f.yaml:3:25", 'cache.ttl: invalid value {"a":1}', "use text"),
    "{settings: {cache.ttl: 1, cache.tttl: null}}": (
        "f.yaml:3:39",
        "unknown property 'tttl' of cache",
        "did you mean",
    ),
    "{settings: {forward.maxConcurrent: 1, forward.max_concurrent: 2}}": (
        "f.yaml:3:51",
        "forward.max_concurrent sets the same as another path",
        "keep one of them",
    ),
    "{settings: {'forward[2]': false}}": (
        "f.yaml:3:25",
        "forward[2] cannot be removed by its number",
        "the other numbers would shift",
    ),
    "{settings: [cache.ttl]}": ("f.yaml:3:24", "a list is not a mapping", "write one `PATH: WORDS` per line"),
    "{servers: {corp: {zones: a}}}": ("f.yaml:3:30", "missing key forward", ""),
    "{servers: {corp: {zones: a, forward: 1.1.1.1, polcy: x}}}": ("f.yaml:3:59", "unknown key 'polcy'", ""),
    "{servers: {'a b': null}}": ("f.yaml:3:", "invalid server name 'a b'", "use letters"),
    "{servers: {corp: {zones: [], forward: 1.1.1.1}}}": (
        "f.yaml:3:38",
        "an empty list is not a list of zones",
        "example: [corp",
    ),
    "{servers: {corp: {zones: [a, a.], forward: 1.1.1.1}}}": (
        "f.yaml:3:38",
        "duplicate zone 'a.'",
        "keep one",
    ),
    "{servers: {corp: {zones: a..b, forward: 1.1.1.1}}}": (
        "f.yaml:3:38",
        "invalid server block 'a..b'",
        "example: corp",
    ),
    "{servers: {corp: {zones: a, forward: [1]}}}": (
        "f.yaml:3:50",
        "1 in the list of addresses is not a word",
        "example: 10",
    ),
    "{servers: {corp: {zones: a, forward: 'x y'}}}": (
        "f.yaml:3:50",
        "'x y' in the list of addresses",
        "example: 10",
    ),
    "{servers: {corp: {zones: a, forward: 1.1.1.1, cache: true}}}": (
        "f.yaml:3:66",
        "invalid TTL true",
        "use seconds",
    ),
    "{servers: {corp: {zones: a, forward: 1.1.1.1, cache: 86401}}}": (
        "f.yaml:3:66",
        "invalid TTL 86401",
        "use seconds",
    ),
    "{servers: {corp: {zones: a, forward: 1.1.1.1, settings: {'\"a\".cache': 1}}}}": (
        "f.yaml:3:70",
        "settings of a server apply to its own block",
        "remove the quoted key",
    ),
    "{servers: {corp: {zones: a, forward: 1.1.1.1, settings: {errors: null}}}}": (
        "f.yaml:3:70",
        "errors has no value",
        "remove the path",
    ),
    "{text: a, file: b}": ("f.yaml:3:", "both text and file are set", "keep one of them"),
    "{txt: a}": ("f.yaml:3:14", "unknown key 'txt' in coredns.corefile", "did you mean 'text'?"),
}


@pytest.mark.parametrize(("block", "fault"), FAULTS.items())
def test_a_fault_names_the_line_and_a_remedy(block: str, fault: tuple[str, str, str]) -> None:
    with pytest.raises(EksdnsError) as error:
        fleet(f"coredns:\n  corefile: {block}\n")
    assert fault[0] in error.value.message
    assert fault[1] in error.value.message
    assert fault[2] in error.value.hint


def test_the_whole_text_has_one_place() -> None:
    both = "coredns: {configuration: {corefile: a}, corefile: {text: b}}"
    with pytest.raises(
        EksdnsError, match=r"corefile and configuration\.corefile both set the whole Corefile"
    ):
        fleet(both)
    by_override = "overrides: [{match: {cluster: a}, coredns: {configuration: {corefile: '. {}'}}}]"
    found = desired("coredns: {corefile: {text: '.'}}\n" + by_override, target("a"))
    assert (found.corefile.text, found.values) == (None, {"corefile": ". {}"})
    by_override = "overrides: [{match: {cluster: a}, coredns: {corefile: {text: '. {}'}}}]"
    found = desired("coredns: {configuration: {corefile: '.'}}\n" + by_override, target("a"))
    assert (found.corefile.text, found.values) == (". {}", {})


def written(folder: Path, text: str) -> Path:
    path = folder / "eksdns.yaml"
    path.write_text(f"version: 1\n{text}")
    return path


def test_the_text_may_be_in_a_file_beside_the_fleet_file(tmp_path: Path) -> None:
    (tmp_path / "coredns").mkdir()
    (tmp_path / "coredns" / "Corefile").write_bytes(b".:53 {\r\n errors\r\n}\r\n")
    path = written(tmp_path, "coredns:\n  corefile: {file: coredns/Corefile, servers: {}}\noverrides: []\n")
    (setting, _) = load_fleet(path).settings
    assert (setting.path, setting.value) == ("corefile.text", ".:53 {\r\n errors\r\n}\r\n")
    assert str(setting.origin.location) == f"{path}:3:14"
    by_override = "overrides: [{match: {cluster: a}, coredns: {corefile: {file: coredns/Corefile}}}]"
    assert len(load_fleet(written(tmp_path, by_override)).overrides[0].settings) == 1


# the file's name, its content, the fault
UNREADABLE = {
    "../Corefile": (b"", "../Corefile is outside of the fleet file's folder"),
    "/etc/hosts": (b"", "/etc/hosts is outside of the fleet file's folder"),
    "absent": (b"", "cannot read absent: no such file"),
    "Corefile": (b"\xff", "Corefile is not UTF-8"),
    "./Corefile": (b" " * ((1 << 20) + 1), "./Corefile is larger than 1 MiB"),
}


@pytest.mark.parametrize(("name", "fault"), UNREADABLE.items())
def test_a_file_that_cannot_be_used_is_an_error_of_the_fleet_file(
    tmp_path: Path, name: str, fault: tuple[bytes, str]
) -> None:
    (tmp_path / "Corefile").write_bytes(fault[0])
    with pytest.raises(EksdnsError) as error:
        load_fleet(written(tmp_path, f"coredns:\n  corefile:\n    file: {name}\n"))
    assert error.value.message == f"{tmp_path / 'eksdns.yaml'}:4:11: {fault[1]}"
    assert error.value.hint


@pytest.mark.parametrize("block", ["{file: 3}", "{file: ''}", "[file]", "{file: a, text: b}"])
def test_an_invalid_name_is_left_to_the_checks_of_keys(tmp_path: Path, block: str) -> None:
    with pytest.raises(EksdnsError, match=r"coredns\.corefile"):
        load_fleet(written(tmp_path, f"coredns:\n  corefile: {block}\n"))
    with pytest.raises(EksdnsError, match="overrides"):
        load_fleet(
            written(tmp_path, f"overrides: [{{match: {{cluster: a}}, coredns: {{corefile: {block}}}}}, 3]\n")
        )


def test_flags_have_the_last_word_and_the_same_grammar() -> None:
    flags = read_flags(
        corefile_set=["cache.ttl=5", '".:53".forward[2].maxConcurrent=7', "loop=true"], lameduck="20s"
    )
    assert [(each.path, each.value) for each in flags] == [
        ("lameduck", "20s"),
        ("corefile.settings.cache.ttl", "5"),
        ('corefile.settings.".:53".forward[2].max_concurrent', "7"),
        ("corefile.settings.loop", True),
    ]
    found = desired(BASE, flags=flags).corefile.settings
    assert CorefileSetting("cache.ttl", ("5",)) in found
    assert CorefileSetting("loop", words=True) in found
    assert str(flags[1].origin.location) == "flag --corefile-set"


def test_two_values_for_one_place_are_refused_and_the_same_value_twice_is_one() -> None:
    with pytest.raises(EksdnsError) as error:
        read_flags(corefile_set=["cache.ttl=5", "loop=", "cache.ttl=6"])
    assert error.value.message.startswith("--corefile-set cache.ttl=5 and --corefile-set cache.ttl=6 set")
    assert (error.value.hint, error.value.exit_code) == ("give one of them", 64)
    assert len(read_flags(corefile_set=["cache.ttl=5", "cache.ttl=5", "cache.denial=5"])) == 2


def test_a_flag_that_cannot_be_read_names_a_remedy() -> None:
    with pytest.raises(EksdnsError) as error:
        read_flags(corefile_set=["cache.ttl"])
    assert error.value.message == "--corefile-set: invalid assignment 'cache.ttl'"
    assert error.value.hint.startswith("write PATH=WORDS")
    with pytest.raises(EksdnsError, match="--corefile-set: unknown directive 'chache'"):
        read_flags(corefile_set=["chache=1"])
