import os
from pathlib import Path

import pytest

from eksaddon.corefile import (
    Corefile,
    DiskFiles,
    Files,
    ImportKind,
    NoFiles,
    PathKind,
    Surroundings,
    lameducks,
    parse,
)
from eksaddon.corefile.syntax.imports import BadPatternError, ConfinedFiles, OutsideError, absolute, matching
from tests.support.corefile.memory_files import MemoryFiles

CONTENT = {
    "/etc/coredns/one.conf": "errors\n",
    "/etc/coredns/two.conf": "log\nimport sub/deep.conf\n",
    "/etc/coredns/sub/deep.conf": "loop\nimport ../one.conf\n",
    "/etc/coredns/half.conf": "health {\n lameduck 3s\n",
    "/etc/coredns/block.conf": "b.org {\n log\n}\n",
    "/etc/coredns/keys.conf": "c.org,\nd.org",
    "/etc/coredns/snippet.conf": "(f) {\n cache 30\n}\n",
    "/etc/coredns/bad.conf": "nosuch\n",
    "/etc/coredns/self.conf": "log\nimport self.conf\n",
    "/etc/coredns/bom.conf": "\ufeffready\r\n",
    "/etc/coredns/large.conf": "a " * 2_200_000,
    "/etc/coredns/a*b/x.conf": "whoami\n",
}


def read(text: str, files: Files | None = None) -> Corefile:
    return parse(text, Surroundings(folder="/etc/coredns", files=files or MemoryFiles(CONTENT)))


def names(corefile: Corefile) -> list[str]:
    return [directive.name for block in corefile.blocks for directive in block.directives]


@pytest.mark.parametrize(
    ("pattern", "directives"),
    [
        ("one.conf", ["errors"]),
        ("./one.conf", ["errors"]),
        ("/etc/coredns/one.conf", ["errors"]),
        ("two.conf", ["log", "loop", "errors"]),
        ("*/deep.conf", ["loop", "errors"]),
        ("s?b/d*.conf", ["loop", "errors"]),
        ("o?e.conf", ["errors"]),
        ("t*.conf", ["log", "loop", "errors"]),
        ("o\\ne.conf", ["errors"]),
        ("a\\*b/x.conf", ["whoami"]),
        ("bom.conf", ["ready"]),
        ("none*", []),
        ("none/*.conf", []),
        ("one.conf/*", []),
        ("*x", []),
    ],
)
def test_files_are_found_as_coredns_finds_them(pattern: str, directives: list[str]) -> None:
    corefile = read(f". {{\n import {pattern}\n}}")
    assert corefile.fault is None
    assert names(corefile) == directives


def test_a_pattern_without_a_match_is_a_warning_and_a_name_an_error() -> None:
    corefile = read(". {\n import none*\n}")
    assert corefile.warnings == ("[WARNING] No files matching import glob pattern: none*",)
    assert [found.files for found in corefile.imports] == [()]
    assert (
        error(". {\n import none\n}") == "Corefile:2 - Error during parsing: File to import not found: none"
    )


def error(text: str, files: Files | None = None) -> str:
    fault = read(text, files).fault
    assert fault is not None
    return fault.text


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("sub", "Corefile:2 - Error during parsing: Could not import /etc/coredns/sub: is a directory"),
        ("a*b*", "Glob pattern may only contain one wildcard (*), but has others: /etc/coredns/a*b*"),
        ("a?b?", "Glob pattern may only contain one wildcard (*), but has others: /etc/coredns/a?b?"),
        ("[ab]", "Glob pattern may only contain one wildcard (*), but has others: /etc/coredns/[ab]"),
        ("[ab", "Failed to use import pattern [ab: syntax error in pattern"),
        ("x\\", "Failed to use import pattern x\\: syntax error in pattern"),
        ("a\\/b", "Failed to use import pattern a\\/b: syntax error in pattern"),
        ("one*[", "Failed to use import pattern one*[: syntax error in pattern"),
        ("bad.conf", "/etc/coredns/bad.conf:1 - Error during parsing: Unknown directive 'nosuch'"),
        ("large.conf", "is too large: the Corefile has 4400000 characters, more than 4194304"),
    ],
)
def test_imports_are_refused_in_the_words_of_coredns(pattern: str, words: str) -> None:
    assert error(f". {{\n import {pattern}\n}}").endswith(words)


def test_a_pattern_is_read_only_as_far_as_go_reads_it() -> None:
    assert read(". {\n import none/*x\\\n}").fault is None
    assert error(". {\n import *.conf\\\n}").endswith("*.conf\\: syntax error in pattern")


def test_a_file_that_imports_itself_is_an_error_and_no_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eksaddon.corefile.syntax.importer.MOST_FILES", 1_000)
    words = "self.conf:2 - Error during parsing: maximum file import depth (10000) exceeded"
    assert error(". {\n import self.conf\n}").endswith(words)


def test_an_import_may_contain_part_of_a_block() -> None:
    assert read("import keys.conf\n{\n errors\n}\n").blocks[0].keys == ("c.org", "d.org")
    corefile = read(
        ". {\n import half.conf\n }\n}\nimport block.conf\nimport snippet.conf\ne.org {\n import f\n}"
    )
    assert [block.keys for block in corefile.blocks] == [(".",), ("b.org",), ("e.org",)]
    assert lameducks(corefile).total == 3_000_000_000
    assert [(found.name, found.kind) for found in corefile.imports] == [
        ("half.conf", ImportKind.FILES),
        ("block.conf", ImportKind.FILES),
        ("snippet.conf", ImportKind.FILES),
        ("f", ImportKind.SNIPPET),
    ]


def test_tokens_name_their_file() -> None:
    token = read(". {\n import one.conf\n}").blocks[0].directives[0].tokens[0]
    assert (token.file, token.line) == ("/etc/coredns/one.conf", 1)


def test_files_that_are_unknown_leave_a_note_and_no_error() -> None:
    corefile = parse(". {\n import /x/custom/*.override\n import none\n errors\n}")
    assert corefile.fault is None
    assert [found.kind for found in corefile.imports] == [ImportKind.UNSEEN] * 2


def test_a_path_that_no_system_could_have_matches_nothing() -> None:
    assert matching("/" + "a/" * 5000 + "*", MemoryFiles(CONTENT)) == []


def test_a_relative_pattern_is_cleaned_and_an_absolute_one_is_not() -> None:
    assert absolute("../x/./y", "/a/b") == "/a/x/y"
    assert absolute("/a//b/../c", "/d") == "/a//b/../c"


class Failing(MemoryFiles):
    def __init__(self, failure: OSError) -> None:
        super().__init__(CONTENT)
        self._failure = failure

    def read(self, path: str) -> bytes:
        raise type(self._failure)(*self._failure.args, *([path] if self._failure.args else []))


@pytest.mark.parametrize(
    ("failure", "reason"),
    [(PermissionError(13, "Permission denied"), "permission denied"), (OSError(), "input/output error")],
)
def test_a_file_that_cannot_be_read_is_an_error_with_the_reason(failure: OSError, reason: str) -> None:
    path = "/etc/coredns/one.conf"
    found = error(". {\n import one.conf\n}", Failing(failure))
    assert found == f"Corefile:2 - Error during parsing: Could not import {path}: open {path}: {reason}"


@pytest.mark.parametrize("files", [NoFiles(), DiskFiles()])
def test_what_is_not_there_is_absent_empty_and_unreadable(files: Files, tmp_path: Path) -> None:
    for path in (str(tmp_path / "none"), "/with\0nul", "/" + "x" * 300):
        assert files.kind(path) is PathKind.ABSENT
        assert files.names(path) == ()
        with pytest.raises((OSError, ValueError)):
            files.read(path)


def test_the_disk_shows_files_folders_and_broken_links(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_bytes(b"errors \xff\n")
    (tmp_path / "broken.conf").symlink_to(tmp_path / "gone")
    files = DiskFiles()
    assert [files.kind(str(tmp_path / name)) for name in ("", "a.conf", "broken.conf")] == [
        PathKind.FOLDER,
        PathKind.FILE,
        PathKind.FILE,
    ]
    assert sorted(files.names(str(tmp_path))) == ["a.conf", "broken.conf"]
    assert files.read(str(tmp_path / "a.conf")) == b"errors \xff\n"


def test_malformed_patterns_are_distinguished_from_those_that_match_nothing() -> None:
    with pytest.raises(BadPatternError):
        matching("/etc/[", MemoryFiles(CONTENT))


def test_confined_files_read_plain_files_below_their_folders_and_nothing_else(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.write_text("secret")
    (inside / "a.conf").write_text("errors\n")
    os.mkfifo(inside / "pipe")
    (inside / "away").symlink_to(outside)
    (inside / "circle").symlink_to(inside / "circle")
    files = ConfinedFiles([str(inside)])
    assert files.kind(str(inside)) is PathKind.FOLDER
    assert "a.conf" in files.names(str(inside))
    assert files.read(str(inside / "a.conf")) == b"errors\n"
    with pytest.raises(OSError, match="is not a plain file"):
        files.read(str(inside / "pipe"))
    for away in (outside, inside / "away", inside / "circle" / "x", inside / "a\0b"):
        with pytest.raises(OutsideError):
            files.read(str(away))
    with pytest.raises(OutsideError):
        files.names(str(tmp_path))


@pytest.mark.parametrize("name", ["../away.conf", "link.conf", "li*.conf", "/proc/self/environ"])
def test_an_import_from_outside_is_refused_with_the_option_that_opens_it(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "away.conf").write_text("errors\n")
    (folder / "link.conf").symlink_to(tmp_path / "away.conf")
    surroundings = Surroundings(folder=str(folder), files=ConfinedFiles([str(folder)]))
    fault = parse(f".:53 {{\n    import {name}\n}}\n", surroundings).fault
    assert fault is not None
    assert "was not opened; --allow-import DIR opens a folder" in fault.text
