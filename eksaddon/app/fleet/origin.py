"""Where a report comes from: the command, the fleet file and the commit of its repository."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from eksaddon.config.load import USUAL_PLACES
from eksaddon.domain.tracing.redaction import REMOVED, without_secrets
from eksaddon.report.model.options import Origin

COMMITS = ("GITHUB_SHA", "CI_COMMIT_SHA", "BUILD_SOURCEVERSION", "BUILDKITE_COMMIT", "GIT_COMMIT")
"""Variables of CI systems, of GitHub, GitLab, Azure Pipelines, Buildkite and Jenkins."""

READS_FLEET_FILE = frozenset({"plan", "apply", "drift", "status", "audit"})
_OPTIONS = ("--config", "-c")
_PRIVATE = frozenset({"--notify-command", "--notify-url", "--env"})
"""Options whose values can be secrets, such as the address of a webhook of Slack."""


def origin(args: Sequence[str], environ: Mapping[str, str]) -> Origin:
    """Of a report that this command line writes.

    Args:
        args: Behind `eksdns`.
    """
    command = shlex.join(("eksdns", *_public(args)))
    path = _fleet_file(args, environ)
    if path is None:
        return Origin(command)
    named = next((environ[name] for name in COMMITS if environ.get(name)), "")
    return Origin(command, str(path), named or _commit(path))


def _public(args: Sequence[str]) -> Iterator[str]:
    """The words without values that can be secrets: reports are sent to others."""
    hides = False
    for word in args:
        option, equals, _ = word.partition("=")
        is_private = option in _PRIVATE
        if hides:
            yield REMOVED
        elif is_private and equals:
            yield f"{option}={REMOVED}"
        else:
            yield without_secrets(word)
        hides = is_private and not equals and not hides


def _fleet_file(args: Sequence[str], environ: Mapping[str, str]) -> Path | None:
    """None if the command reads none, such as one that applies a saved plan."""
    verb, *rest = args or ("",)
    if verb not in READS_FLEET_FILE or (verb == "apply" and rest and not rest[0].startswith("-")):
        return None
    named = environ.get("EKSDNS_CONFIG", "")
    for at, word in enumerate(rest):
        option, equals, value = word.partition("=")
        if option in _OPTIONS:
            named = value if equals else next(iter(rest[at + 1 :]), "")
    places = (named,) if named else USUAL_PLACES
    return next((Path(place) for place in places if Path(place).is_file()), None)


def _commit(path: Path) -> str:
    """Checked out in the repository around a file, read without git; empty if there is none."""
    for folder in path.resolve().parents:
        if (folder / ".git").exists():
            try:
                return _head(folder / ".git")
            except (OSError, UnicodeDecodeError):
                return ""
    return ""


def _head(git: Path) -> str:
    """Source: gitrepository-layout(5)."""
    if git.is_file():
        git = git.parent / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
    head = (git / "HEAD").read_text(encoding="utf-8").strip()
    name = head.removeprefix("ref:").strip()
    if name == head:
        return head
    common = git / "commondir"
    root = git / common.read_text(encoding="utf-8").strip() if common.is_file() else git
    for place in (git / name, root / name):
        if place.is_file():
            return place.read_text(encoding="utf-8").strip()
    packed = root / "packed-refs"
    lines = packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else []
    return next((line.split(" ")[0] for line in lines if line.endswith(f" {name}")), "")
