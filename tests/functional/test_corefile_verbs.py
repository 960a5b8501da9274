"""`eksdns corefile` and `eksdns timeline` on files and pipes."""

import io
import json
from types import SimpleNamespace

import pytest

from eksaddon.cli.main import run

TEXT = ".:53 {\r\n    errors\r\n    health {\r\n        lameduck 5s # short\r\n    }\r\n    ready\r\n}\r\n"


@pytest.fixture
def corefile(tmp_path):
    path = tmp_path / "Corefile"
    path.write_bytes(TEXT.encode())
    return path


@pytest.fixture
def pipe(monkeypatch):
    def feed(data: bytes) -> None:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data), isatty=lambda: False))

    return feed


def test_show_gives_the_published_document(bare, corefile):
    document = json.loads(bare("corefile", "show", str(corefile), "-o", "json").out)
    assert (document["ok"], document["error"], document["totalLameduckSeconds"]) == (True, None, 5)
    assert document["tokens"][0] == {"text": ".:53", "line": 1}
    (block,) = document["blocks"]
    assert (block["keys"], block["lameduckSeconds"]) == ([".:53"], 5)
    assert block["directives"][0] == {"name": "errors", "line": 2, "args": []}


def test_one_bad_file_does_not_stop_the_rest(bare, corefile, tmp_path):
    bad = tmp_path / "bad"
    bad.write_text(". {\n    helth\n}\n")
    ended = bare("corefile", "show", str(bad), "nowhere", str(corefile), "-o", "jsonl")
    first, second = (json.loads(line) for line in ended.out.splitlines())
    assert first["error"] == {
        "line": 2,
        "message": "Corefile:2 - Error during parsing: Unknown directive 'helth'",
    }
    assert second["ok"]
    assert "nowhere" in ended.err
    assert ended.code == 1


def test_set_writes_the_edited_text_and_nothing_else(corefile, capsysbinary):
    assert run(["corefile", "set", "lameduck=20s", str(corefile)]) == 0
    assert capsysbinary.readouterr().out == TEXT.replace("5s", "20s").encode()
    assert corefile.read_bytes() == TEXT.encode()


def test_set_in_place_replaces_the_file(bare, corefile):
    assert bare("corefile", "set", "lameduck=20s", str(corefile), "--in-place").code == 0
    assert corefile.read_bytes() == TEXT.replace("5s", "20s").encode()


def test_bytes_that_are_no_text_survive(pipe, capsysbinary):
    pipe(b"# \xff\xfe\n.:53 {\n    health\n}\n")
    assert run(["corefile", "set", "lameduck=20s", "-"]) == 0
    out = capsysbinary.readouterr().out
    assert out.startswith(b"# \xff\xfe\n")
    assert b"lameduck 20s" in out


@pytest.mark.parametrize(
    ("assignment", "code"),
    [("lameduck=30", 64), ("lameduck", 64), ("nonsense=1", 64), ("health.speed=1", 64), ("x[0]=1", 64)],
)
def test_a_refused_assignment_leaves_nothing_behind(bare, corefile, assignment, code):
    ended = bare("corefile", "set", assignment, str(corefile), "--in-place")
    assert ended.code == code
    assert ended.out == ""
    assert corefile.read_bytes() == TEXT.encode()


def test_lint_says_what_coredns_would_say(bare, tmp_path):
    bad = tmp_path / "bad"
    bad.write_text(".:53 {\n    errors\n    helth\n    ready\n}\n")
    ended = bare("corefile", "lint", str(bad), "-o", "json")
    document = json.loads(ended.out)
    assert ended.code == 1
    assert ("unknown-directive", 3) in {(one["rule"], one["line"]) for one in document["findings"]}


def test_lint_speaks_sarif(bare, corefile):
    document = json.loads(bare("corefile", "lint", str(corefile), "-o", "sarif").out)
    assert document["version"] == "2.1.0"
    uris = {
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for one in document["runs"][0]["results"]
    }
    assert uris <= {str(corefile)}


def test_the_timeline_is_drawn_and_saved(bare, tmp_path):
    ended = bare("timeline", "--lameduck", "30s", "--grace", "30s", "--pre-stop", "5s", "--svg", "line.svg")
    assert "SIGKILL cuts off 5 s of lameduck" in ended.out
    assert (tmp_path / "line.svg").read_text().startswith("<")
    numbers = json.loads(bare("timeline", "--lameduck", "30s", "-o", "json").out)
    assert numbers["kind"] == "timeline"


def test_the_timeline_compares_with_the_propagation(bare):
    assert "TOO SHORT" in bare("timeline", "--lameduck", "5s").out
    assert "FITS" in bare("timeline", "--lameduck", "5s", "--propagation", "3s").out
    assert bare("timeline", "--lameduck", "5s", "--propagation", "0s").code == 64


def test_a_timeline_of_nonsense_is_an_error(bare):
    assert bare("timeline", "--lameduck", "30").code == 64
    assert bare("timeline", "--lameduck", "30h").code == 64
    assert bare("timeline", "--lameduck", "3s", "--measure", "--coredns", "nowhere").code in {1, 64}


def test_diff_sees_meaning_not_layout(bare, corefile, tmp_path):
    other = tmp_path / "other"
    other.write_text("# moved\n.:53 {\n  health {\n lameduck 5s\n }\n  ready\n  errors\n}\n")
    assert bare("corefile", "diff", str(corefile), str(other)).code == 0
    other.write_text(other.read_text().replace("5s", "9s"))
    ended = bare("corefile", "diff", str(corefile), str(other))
    assert ended.code == 2
    assert "lameduck 9s" in ended.out


def test_diff_knows_the_default_of_eks(bare, corefile):
    ended = bare("corefile", "diff", str(corefile), "--addon-version", "v1.11.4-eksbuild.51")
    assert ended.code == 2
    assert "kubernetes" in ended.out
    assert bare("corefile", "diff", str(corefile)).code == 64


FORWARDS = """.:53 {
    health
    ready
    forward a.org 10.0.0.2
    forward . 10.0.0.3
    cache 30 a.org
}
"""


@pytest.mark.parametrize(
    ("assignment", "before", "after"),
    [
        (
            '".:53".forward[2].max_concurrent=1000',
            "10.0.0.3\n",
            "10.0.0.3 {\n        max_concurrent 1000\n    }\n",
        ),
        ("forward[1]=a.org 10.0.0.9", "10.0.0.2", "10.0.0.9"),
        ("cache=41", "cache 30 a.org", "cache 41 a.org"),
    ],
)
def test_set_reaches_any_of_several_and_keeps_the_rest(bare, tmp_path, assignment, before, after):
    path = tmp_path / "Corefile"
    path.write_text(FORWARDS)
    ended = bare("corefile", "set", assignment, str(path), "--accept-warnings")
    assert (ended.code, ended.out) == (0, FORWARDS.replace(before, after))


def test_a_refusal_among_several_names_a_way_that_works(bare, tmp_path):
    path = tmp_path / "Corefile"
    path.write_text(FORWARDS)
    ended = bare("corefile", "set", "forward.policy=random", str(path))
    assert ended.code == 5
    assert "`forward[2]`" in ended.err
    assert bare("corefile", "set", "forward[2].policy=random", str(path)).code == 0


@pytest.mark.parametrize(
    ("assignment", "options", "words"),
    [
        ("ready=:8282", [], "no `ready` listens on :8181"),
        ("health=:9999", [], "no `health` listens on :8080"),
        ("lameduck=2s", [], "weakens DNS: lameduck from 5 s to 2 s"),
        ("health.lameduck=", [], "weakens DNS: lameduck from 5 s to none"),
        ("lameduck=40s", [], "a lameduck of 40 s does not fit into a grace period of 30 s"),
    ],
)
def test_set_warns_before_it_breaks_what_the_pods_rely_on(bare, corefile, assignment, options, words):
    ended = bare("corefile", "set", assignment, str(corefile), *options)
    assert (ended.code, ended.out) == (5, "")
    assert words in ended.err
    assert bare("corefile", "set", assignment, str(corefile), "--accept-warnings").code == 0


def test_set_measures_a_lameduck_against_the_grace_that_is_named(bare, corefile):
    assert bare("corefile", "set", "lameduck=40s", str(corefile), "--grace", "60").code == 0


@pytest.mark.parametrize(("version", "code"), [("v1.14.3-eksbuild.14", 5), ("v1.14.7-eksbuild.10", 0)])
def test_set_checks_for_the_version_that_is_named(bare, tmp_path, version, code):
    path = tmp_path / "Corefile"
    path.write_text(FORWARDS)
    assignment = "forward[2].read_timeout=5s"
    assert bare("corefile", "set", assignment, str(path), "--addon-version", version).code == code


def test_the_version_that_was_assumed_is_reported(bare, corefile):
    for verb in (["lint", str(corefile)], ["set", "lameduck=6s", str(corefile)]):
        assert (
            "note: checked for v1.14.7-eksbuild.10, the newest add-on version" in bare("corefile", *verb).err
        )
        assert "checked for" not in bare("corefile", *verb, "--addon-version", "v1.11.4-eksbuild.28").err


UPSTREAMS = (
    ".:53 {\n    errors#c\n    health\n    ready\n    forward . 10.0.0.2#primary 10.0.0.3\n    cache 30s\n}\n"
)


def test_fix_makes_safe_fixes_lists_them_and_names_the_others(bare, tmp_path):
    path = tmp_path / "Corefile"
    path.write_text(UPSTREAMS)
    ended = bare("corefile", "lint", "--fix", str(path))
    assert path.read_text() == UPSTREAMS.replace("errors#c", "errors #c")
    assert f"{path}:2:11: fixed glued-comment: Put a space before the `#`" in ended.err
    assert "2 fixes change what CoreDNS does; apply with --unsafe-fixes" in ended.err
    assert bare("corefile", "lint", "--fix", "--unsafe-fixes", str(path)).code in {0, 1}
    assert "cache 30\n" in path.read_text()


def test_a_coredns_without_known_rules_is_reported(bare, tmp_path):
    path = tmp_path / "Corefile"
    path.write_text(UPSTREAMS)
    for verb in (("lint",), ("set", "cache=5"), ("lint", "--from", "v1.14.7-eksbuild.10")):
        option = "--to" if "--from" in verb else "--addon-version"
        ended = bare("corefile", *verb, option, "v1.15.0-eksbuild.1", str(path))
        assert "by the rules of CoreDNS 1.14.7: those of v1.15.0-eksbuild.1 are not known" in ended.err


def test_an_invalid_version_is_reported_with_its_option(bare):
    ended = bare("corefile", "lint", "--from", "1.10.1", "--to", "v1.14.7-eksbuild.10", "x")
    assert (ended.code, "--from 1.10.1: invalid add-on version" in ended.err) == (64, True)


def test_an_unsafe_fix_that_would_stop_coredns_from_starting_is_not_applied(bare, tmp_path):
    path = tmp_path / "Corefile"
    path.write_text(text := ".:53 {\n    rewrite type# MX a\n    health\n    ready\n}\n")
    ended = bare("corefile", "lint", "--fix", "--unsafe-fixes", str(path))
    assert path.read_text() == text
    assert "1 fix changes what CoreDNS does; not applied, because the result would be worse" in ended.err


def test_diff_shows_what_fix_would_do_and_writes_nothing(bare, tmp_path):
    path = tmp_path / "Corefile"
    path.write_text(UPSTREAMS)
    ended = bare("corefile", "lint", "--diff", str(path))
    assert path.read_text() == UPSTREAMS
    assert "-    errors#c\n+    errors #c\n" in ended.out


STOCK = """\
.:53 {
    health
    ready
    kubernetes cluster.local in-addr.arpa {
        fallthrough in-addr.arpa
    }
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
}
"""


def test_lint_reads_as_the_pods_that_have_no_other_files(bare, tmp_path):
    (tmp_path / "extra.conf").write_text("errors\n")
    path = tmp_path / "Corefile"
    path.write_text(STOCK.replace("    health", "    import extra.conf\n    health"))
    ended = bare("corefile", "lint", str(path))
    assert (ended.code, "to import not found: extra.conf" in " ".join(ended.out.split())) == (1, True)
    assert bare("corefile", "lint", str(path), "--with-imports").code == 0


def test_the_imports_of_a_link_are_beside_the_link(bare, tmp_path):
    for folder in ("real", "link"):
        (tmp_path / folder).mkdir()
    (tmp_path / "real" / "Corefile").write_text(
        STOCK.replace("    health", "    import extra.conf\n    health")
    )
    (tmp_path / "link" / "extra.conf").write_text("errors\n")
    path = tmp_path / "link" / "Corefile"
    path.symlink_to("../real/Corefile")
    args = ("corefile", "lint", str(path), "--with-imports", "--allow-import", str(tmp_path / "real"))
    assert bare(*args).code == 0
    (tmp_path / "linked").symlink_to("link")
    assert bare(*args[:2], str(tmp_path / "linked" / "Corefile"), *args[3:]).code == 0


def test_lint_reports_queries_that_fail(bare, tmp_path):
    path = tmp_path / "Corefile"
    path.write_text(STOCK.replace("    cache", "    hosts {\n        10.0.0.1 git.corp\n    }\n    cache"))
    ended = bare("corefile", "lint", str(path))
    assert ended.code == 1
    assert "`hosts` without `fallthrough` answers" in " ".join(ended.out.split())


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("forward=. 127.0.0.1", "would not answer: `example.com`"),
        ("bind=127.0.0.1", "would not answer"),
        ("cache.prefetch=nonsense", "would refuse the result"),
    ],
)
def test_set_does_not_break_what_worked(bare, tmp_path, assignment, words):
    path = tmp_path / "Corefile"
    path.write_text(STOCK)
    ended = bare("corefile", "set", assignment, str(path), "--in-place")
    assert (ended.code, path.read_text()) == (5, STOCK)
    assert words in ended.err


def test_set_says_that_a_corefile_is_refused_with_or_without_the_edit(bare, tmp_path):
    path = tmp_path / "Corefile"
    path.write_text(STOCK.replace("    cache 30", "    cache 30 {\n        nonsense\n    }"))
    ended = bare("corefile", "set", "lameduck=20s", str(path), "--in-place")
    assert ended.code == 5
    assert "refuses the Corefile with or without the edit" in ended.err
    assert bare("corefile", "set", "lameduck=20s", str(path), "--in-place", "--accept-warnings").code == 0
    assert "lameduck 20s" in path.read_text()


def test_diff_says_which_version_it_assumes(bare, corefile):
    assert "compared as read by v" in bare("corefile", "diff", str(corefile), str(corefile)).err
    versioned = ("--addon-version", "v1.11.4-eksbuild.28")
    assert "compared as" not in bare("corefile", "diff", str(corefile), str(corefile), *versioned).err
