"""Commands on Corefiles in files and pipes; unchanged bytes are preserved."""

import difflib
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from eksaddon.app.corefile_assignment import Assignment
from eksaddon.corefile.diff.difference import Comparison, compare
from eksaddon.corefile.editing.edit import edit
from eksaddon.corefile.editing.edits import Edited, Reason, Refused, SetProperty
from eksaddon.corefile.editing.lameduck import set_lameduck
from eksaddon.corefile.lint.findings import Finding
from eksaddon.corefile.lint.fix import Fixed, fix_all
from eksaddon.corefile.lint.linter import POD, lint
from eksaddon.corefile.lint.start import prevents_start
from eksaddon.corefile.lint.upgrade import lint_upgrade
from eksaddon.corefile.syntax.imports import ConfinedFiles, OutsideError
from eksaddon.corefile.syntax.surroundings import Surroundings
from eksaddon.corefile.syntax.tokens import decode, encode
from eksaddon.corefile.syntax.versions import Version, show_version
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.termination import SECOND, in_seconds
from eksaddon.domain.workload import STOCK_GRACE_SECONDS
from eksaddon.frozen import dataclass
from eksaddon.rules.weakening import shorter_lameduck
from eksaddon.schema import (
    NEWEST_VERSION,
    AddonVersion,
    DefaultCorefile,
    NoDefault,
    default_corefile,
    parse_version,
)

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """A Corefile that was read.

    Attributes:
        name: As given; `-` for standard input.
    """

    name: str
    text: str
    surroundings: Surroundings


def read_source(name: str, environment: dict[str, str], allowed: Sequence[Path] = ()) -> Source:
    """Read a file, or standard input for `-`; imports are resolved relative to a file only.

    Args:
        allowed: Folders that imports can read in addition to the Corefile's.

    Raises:
        EksdnsError: The source cannot be read.
    """
    if name == STDIN:
        return Source(name, decode(sys.stdin.buffer.read()), Surroundings(environment=environment))
    path = Path(name)
    folder = str(
        path.parent.absolute()
    )  # a link's imports are in the folder of the link (source: caddyfile/parse.go)
    files = ConfinedFiles([folder, *map(str, allowed)])
    try:
        data = files.read(name) if path.is_symlink() else path.read_bytes()
    except OutsideError:
        raise EksdnsError(
            f"{name} is a link to a file outside of its folder",
            hint="name the file itself, or open its folder with --allow-import DIR",
            exit_code=ExitCode.REFUSED,
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise EksdnsError(f"cannot read {name}: {reason}", hint="check the path") from None
    return Source(name, decode(data), Surroundings(folder=folder, files=files, environment=environment))


@dataclass(frozen=True, slots=True)
class Target:
    """The environment that the result of an assignment must work in.

    Attributes:
        grace_seconds: terminationGracePeriodSeconds of the pods, which must cover lameduck.
    """

    version: Version
    grace_seconds: int = STOCK_GRACE_SECONDS


def assign(
    source: Source, assignment: Assignment, target: Target, *, in_snippet: bool, accept_warnings: bool
) -> Edited:
    """Apply an assignment.

    Args:
        accept_warnings: Allow edits that cause new warnings.

    Raises:
        EksdnsError: The edit is rejected; nothing was changed.
    """
    block, surroundings = assignment.block, source.surroundings
    match assignment.request:
        case SetProperty(directive="health", name="lameduck", args=(value,), nth=None):
            answer = set_lameduck(
                source.text, value, block=block, in_snippet=in_snippet, surroundings=surroundings
            )
        case request:
            answer = edit(source.text, request, block=block, in_snippet=in_snippet, surroundings=surroundings)
    if isinstance(answer, Refused):
        raise _refused(source, answer)
    if answer.is_changed:
        _require_no_worse(source, answer, target, accept_warnings=accept_warnings)
    return answer


def _require_no_worse(source: Source, answer: Edited, target: Target, *, accept_warnings: bool) -> None:
    """Reject an edit that causes an error, or a warning without `accept_warnings`."""
    known = {_identity(one) for one in lint_source(source, target.version, with_imports=True)}
    after = lint_source(replace(source, text=answer.text), target.version, with_imports=True)
    new = [one for one in after if _identity(one) not in known]
    errors = [one for one in new if one.severity is Severity.ERROR]
    coredns = f"CoreDNS {show_version(target.version)}"
    if errors:
        does = "would refuse the result" if prevents_start(errors[0]) else "would not answer"
        raise EksdnsError(
            f"{source.name}: {coredns} {does}: {errors[0].diagnostic.summary}",
            hint=errors[0].diagnostic.detail or "nothing was changed",
            exit_code=ExitCode.REFUSED,
        )
    still = [one.diagnostic.summary for one in after if prevents_start(one)][:1]
    warnings = [f"{coredns} refuses the Corefile with or without the edit: {summary}" for summary in still]
    warnings += [one.diagnostic.summary for one in new if one.severity is Severity.WARNING]
    warnings += _weakened(answer)
    warnings += _cut(answer, target)
    if warnings and not accept_warnings:
        raise EksdnsError(
            f"{source.name}: {'; '.join(warnings)}",
            hint="nothing was changed; --accept-warnings applies the edit anyway",
            exit_code=ExitCode.REFUSED,
        )


def _identity(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.diagnostic.summary


def _weakened(answer: Edited) -> list[str]:
    """A lameduck that becomes shorter, as `plan` names it."""
    found = shorter_lameduck(answer.lameducks_before.total, answer.lameducks_after.total)
    return [f"weakens DNS: {each}" for each in found]


def _cut(answer: Edited, target: Target) -> list[str]:
    """How much of an extended lameduck SIGKILL would cut off."""
    total = answer.lameducks_after.total
    if total <= answer.lameducks_before.total or total <= target.grace_seconds * SECOND:
        return []
    return [
        f"a lameduck of {in_seconds(total)} s does not fit into a grace period of {target.grace_seconds} s"
    ]


def _refused(source: Source, answer: Refused) -> EksdnsError:
    codes = {Reason.BAD_VALUE: ExitCode.USAGE, Reason.UNPARSABLE: ExitCode.ERROR}
    position = ":".join([source.name, *(str(number) for number in (answer.line, answer.column) if number)])
    return EksdnsError(
        f"{position}: {answer.message}",
        hint=answer.hint,
        exit_code=codes.get(answer.reason, ExitCode.REFUSED),
    )


def write_out(source: Source, text: str, *, in_place: bool) -> None:
    """Write to standard output, or replace the file atomically.

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
        raise EksdnsError(f"cannot write {path}: {error.strerror}", hint="the file was not changed") from None


def target_version(text: str | None, option: str = "--addon-version") -> AddonVersion:
    """Parse the add-on version to check for; defaults to the newest known one.

    Args:
        option: Where it was given, for the error.

    Raises:
        EksdnsError: Invalid add-on version.
    """
    if text is None:
        return NEWEST_VERSION
    found = parse_version(text)
    if found is None:
        raise EksdnsError(
            f"{option} {text}: invalid add-on version",
            hint="example: v1.11.4-eksbuild.28",
            exit_code=ExitCode.USAGE,
        )
    return found


def lint_source(
    source: Source, version: Version, installed: Version | None = None, *, with_imports: bool
) -> tuple[Finding, ...]:
    """Findings for the add-on's pod, which holds the Corefile alone.

    Args:
        installed: Report only what an upgrade from this version changes; None for all findings.
        with_imports: Read imports from the file's folder, as a pod that has these files would.
    """
    surroundings = _pod(source, with_imports=with_imports)
    if installed is not None:
        return lint_upgrade(
            source.text,
            installed=installed,
            target=version,
            source=source.name,
            surroundings=surroundings,
        )
    return lint(source.text, version=version, source=source.name, surroundings=surroundings)


def fix_source(source: Source, version: Version, *, unsafe: bool, with_imports: bool) -> Fixed:
    """Apply all possible fixes; writes nothing.

    Args:
        unsafe: Include fixes that change CoreDNS's behaviour.
        with_imports: Read imports from the file's folder.
    """
    surroundings = _pod(source, with_imports=with_imports)
    return fix_all(source.text, version=version, source=source.name, surroundings=surroundings, unsafe=unsafe)


def unified_diff(name: str, before: str, after: str) -> str:
    """The diff of a file in the format of `diff -u`; empty without a change."""
    name = "Corefile" if name == STDIN else name
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), name, f"{name} (fixed)"
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _pod(source: Source, *, with_imports: bool) -> Surroundings:
    """Environment of the add-on's pod, with the given variables and, if wanted, files to import."""
    given = source.surroundings
    if given.files is None or not with_imports:
        return replace(POD, environment=given.environment)
    return replace(POD, environment=given.environment, folder=given.folder, files=given.files)


def compared(
    first: str,
    second: str | None,
    addon_version: str | None,
    environment: dict[str, str],
    allowed: Sequence[Path] = (),
) -> Comparison:
    """Compare two Corefiles as read by an add-on version, or EKS's default of that version with the first.

    Raises:
        EksdnsError: A Corefile cannot be read, or the arguments do not select two.
    """
    if second is None and addon_version is None:
        raise EksdnsError(
            "there is nothing to compare with",
            hint="give a second Corefile, or use --addon-version to compare with EKS's default",
            exit_code=ExitCode.USAGE,
        )
    version = target_version(addon_version)
    one = read_source(first, environment, allowed)
    if second is not None:
        other = read_source(second, environment, allowed)
        return compare(one.text, other.text, one.surroundings, version=version.coredns)
    match default_corefile(version):
        case DefaultCorefile(text=text):
            return compare(text, one.text, one.surroundings, version=version.coredns)
        case NoDefault(reason=reason):
            raise EksdnsError(reason, hint="compare with the live ConfigMap instead")
