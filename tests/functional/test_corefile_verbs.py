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
    ("assignment", "code"), [("lameduck=30", 64), ("lameduck", 64), ("nonsense=1", 5), ("health.speed=1", 5)]
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
    assert "5 s of lameduck never run" in ended.out
    assert (tmp_path / "line.svg").read_text().startswith("<")
    numbers = json.loads(bare("timeline", "--lameduck", "30s", "-o", "json").out)
    assert numbers["kind"] == "timeline"


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
