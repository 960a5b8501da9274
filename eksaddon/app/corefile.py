"""Corefiles in files and on pipes: bytes in, bytes out."""

import os
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from eksaddon.corefile.diff.difference import Comparison, compare
from eksaddon.corefile.editing.edit import edit
from eksaddon.corefile.editing.edits import (
    Edited,
    Reason,
    Refused,
    RemoveProperty,
    Request,
    SetArguments,
    SetProperty,
)
from eksaddon.corefile.editing.lameduck import set_lameduck
from eksaddon.corefile.lint.findings import Finding
from eksaddon.corefile.lint.fix import fix_all
from eksaddon.corefile.lint.linter import POD, lint
from eksaddon.corefile.syntax.imports import DiskFiles
from eksaddon.corefile.syntax.surroundings import Surroundings
from eksaddon.corefile.syntax.tokens import decode, encode
from eksaddon.corefile.syntax.versions import NEWEST_KNOWN, Version
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.schema import DefaultCorefile, NoDefault, default_corefile, parse_version

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """A Corefile that was read.

    Attributes:
        name: As given, `-` for standard input.
    """

    name: str
    text: str
    surroundings: Surroundings


def read_source(name: str, environment: dict[str, str]) -> Source:
    """Read a file, or standard input for `-`; imports are read beside a file, and unknown on a pipe.

    Raises:
        EksdnsError: It cannot be read.
    """
    if name == STDIN:
        return Source(name, decode(sys.stdin.buffer.read()), Surroundings(environment=environment))
    path = Path(name)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EksdnsError(f"cannot read {name}: {error.strerror}", hint="check the path") from None
    folder = str(path.resolve().parent)
    return Source(name, decode(data), Surroundings(folder=folder, files=DiskFiles(), environment=environment))


def read_assignment(text: str) -> Request:
    """`lameduck=20s`, `DIRECTIVE=ARGUMENTS`, `DIRECTIVE.PROPERTY=ARGUMENTS`; without arguments it is removed.

    Raises:
        EksdnsError: It has another form.
    """
    place, equals, value = text.partition("=")
    directive, _, name = place.partition(".")
    if not equals or not directive:
        raise EksdnsError(
            f"{text!r} is no assignment",
            hint="write lameduck=20s, cache=30, or forward.max_concurrent=1000",
            exit_code=ExitCode.USAGE,
        )
    words = tuple(value.split())
    if directive == "lameduck" and not name:
        return SetProperty("health", "lameduck", words)
    if not name:
        return SetArguments(directive, words)
    return SetProperty(directive, name, words) if words else RemoveProperty(directive, name)


def assign(source: Source, request: Request, block: str | None, *, in_snippet: bool) -> Edited:
    """Carry out an assignment.

    Raises:
        EksdnsError: It is refused; nothing was changed.
    """
    match request:
        case SetProperty(directive="health", name="lameduck", args=(value,), nth=None):
            answer = set_lameduck(
                source.text, value, block=block, in_snippet=in_snippet, surroundings=source.surroundings
            )
        case _:
            answer = edit(
                source.text, request, block=block, in_snippet=in_snippet, surroundings=source.surroundings
            )
    if isinstance(answer, Refused):
        raise _refused(source, answer)
    _require_no_worse(source, answer)
    return answer


def _require_no_worse(source: Source, answer: Edited) -> None:
    """An edit that CoreDNS would refuse is not made, however exactly it was asked for."""
    known = {one.diagnostic.summary for one in lint_source(source, NEWEST_KNOWN)}
    after = lint_source(replace(source, text=answer.text), NEWEST_KNOWN)
    new = [one for one in after if one.severity is Severity.ERROR and one.diagnostic.summary not in known]
    if new and answer.is_changed:
        raise EksdnsError(
            f"{source.name}: CoreDNS would refuse the result: {new[0].diagnostic.summary}",
            hint=new[0].diagnostic.detail or "nothing was changed",
            exit_code=ExitCode.REFUSED,
        )


def _refused(source: Source, answer: Refused) -> EksdnsError:
    codes = {Reason.BAD_VALUE: ExitCode.USAGE, Reason.UNPARSABLE: ExitCode.ERROR}
    place = ":".join([source.name, *(str(number) for number in (answer.line, answer.column) if number)])
    return EksdnsError(
        f"{place}: {answer.message}", hint=answer.hint, exit_code=codes.get(answer.reason, ExitCode.REFUSED)
    )


def write_out(source: Source, text: str, *, in_place: bool) -> None:
    """To standard output, or over the file, whole or not at all.

    Raises:
        EksdnsError: The file cannot be written.
    """
    data = encode(text)
    if not in_place or source.name == STDIN:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    elif text != source.text:
        _replace(Path(source.name), data)


def _replace(path: Path, data: bytes) -> None:
    target = path.resolve()
    try:
        handle, scratch = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(scratch).chmod(target.stat().st_mode & 0o7777)
        Path(scratch).replace(target)
    except OSError as error:
        raise EksdnsError(f"cannot write {path}: {error.strerror}", hint="it is as it was") from None


def coredns_version(addon_version: str | None) -> Version:
    """The CoreDNS of an add-on version; the newest known where none is named.

    Raises:
        EksdnsError: It is no add-on version.
    """
    if addon_version is None:
        return NEWEST_KNOWN
    found = parse_version(addon_version)
    if found is None:
        raise EksdnsError(
            f"--addon-version {addon_version}: no add-on version",
            hint="write it as v1.11.4-eksbuild.28",
            exit_code=ExitCode.USAGE,
        )
    return found.coredns


def lint_source(source: Source, version: Version) -> tuple[Finding, ...]:
    return lint(source.text, version=version, source=source.name, surroundings=_pod(source))


def mend(source: Source, version: Version) -> Source:
    """Fix what can be fixed safely, and write it: over the file, or to standard output.

    Raises:
        EksdnsError: The file cannot be written.
    """
    text = fix_all(source.text, version=version, surroundings=_pod(source))
    write_out(source, text, in_place=source.name != STDIN)
    return replace(source, text=text)


def _pod(source: Source) -> Surroundings:
    """The add-on's pod, but for the variables that were given and the files beside a file."""
    given = source.surroundings
    if given.files is None:
        return replace(POD, environment=given.environment)
    return replace(POD, environment=given.environment, folder=given.folder, files=given.files)


def compared(
    first: str, second: str | None, addon_version: str | None, environment: dict[str, str]
) -> Comparison:
    """Compare two Corefiles, or EKS's own of an add-on version with the first.

    Raises:
        EksdnsError: One cannot be read, or not exactly two are meant.
    """
    if (second is None) == (addon_version is None):
        raise EksdnsError(
            "exactly two Corefiles can be compared",
            hint="name a second one, or EKS's own with --addon-version",
            exit_code=ExitCode.USAGE,
        )
    one = read_source(first, environment)
    if second is not None:
        other = read_source(second, environment)
        return compare(one.text, other.text, one.surroundings)
    coredns_version(addon_version)
    match default_corefile(parse_version(addon_version or "")):
        case DefaultCorefile(text=text):
            return compare(text, one.text, one.surroundings)
        case NoDefault(reason=reason):
            raise EksdnsError(reason, hint="compare with the live ConfigMap instead")
