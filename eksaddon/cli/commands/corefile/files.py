"""eksdns corefile"""

import json
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eksaddon.cli import messages

if TYPE_CHECKING:
    from eksaddon.corefile.syntax.versions import Version
    from eksaddon.schema import AddonVersion

corefile = typer.Typer(
    no_args_is_help=True, help="Show, edit, lint and compare Corefiles the way CoreDNS reads them."
)


class CorefileFormat(StrEnum):
    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


class LintFormat(StrEnum):
    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    SARIF = "sarif"


Files = Annotated[
    list[str] | None, typer.Argument(help="Corefiles; `-` or no argument reads standard input.")
]
OneFile = Annotated[str, typer.Argument(help="Corefile; `-` or no argument reads standard input.")]
Environment = Annotated[
    list[str] | None,
    typer.Option(
        "--env", envvar="EKSDNS_COREFILE_ENV", help="NAME=VALUE for {$NAME} references; repeatable."
    ),
]
AllowImport = Annotated[
    list[Path] | None,
    typer.Option(
        "--allow-import",
        envvar="EKSDNS_ALLOW_IMPORT",
        help="Additional folder that imports may read; repeatable.",
    ),
]
Output = Annotated[
    CorefileFormat, typer.Option("--output", "-o", envvar="EKSDNS_OUTPUT", help="Output format.")
]
Block = Annotated[
    str | None,
    typer.Option("--block", envvar="EKSDNS_BLOCK", help="Server block, by key (.:53) or position (#2)."),
]
InSnippet = Annotated[
    bool,
    typer.Option(
        "--in-snippet", envvar="EKSDNS_IN_SNIPPET", help="Edit a snippet even if several blocks import it."
    ),
]
InPlace = Annotated[
    bool,
    typer.Option(
        "--in-place", "-i", envvar="EKSDNS_IN_PLACE", help="Write the result to the file instead of stdout."
    ),
]


def _environment(pairs: Iterable[str] | None) -> dict[str, str]:
    found = {}
    for pair in pairs or ():
        name, equals, value = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f"invalid --env {pair!r}, expected NAME=VALUE", param_hint="--env")
        found[name] = value
    return found


@corefile.command()
def show(
    files: Files = None,
    output: Output = CorefileFormat.TABLE,
    env: Environment = None,
    allow_import: AllowImport = None,
) -> int:
    """Show server blocks, directives and lameducks as CoreDNS reads them, or its parse error."""
    from eksaddon.app.corefile import STDIN, read_source
    from eksaddon.corefile.syntax.parser import parse
    from eksaddon.domain.errors import EksdnsError, ExitCode
    from eksaddon.report.documents.corefile import corefile_document, corefile_lines

    environment, names = _environment(env), files or [STDIN]
    code = ExitCode.DONE
    for name in names:
        try:
            source = read_source(name, environment, allow_import or ())
        except EksdnsError as error:
            messages.problem("error", error.message, error.hint)
            code = ExitCode.ERROR
            continue
        parsed = parse(source.text, source.surroundings)
        if parsed.fault is not None:
            code = ExitCode.ERROR
        if output is CorefileFormat.TABLE:
            messages.rendered("\n".join(corefile_lines(parsed, name)) + "\n")
        else:
            pretty = output is CorefileFormat.JSON and len(names) == 1
            messages.rendered(
                json.dumps(corefile_document(parsed, name), indent=2 if pretty else None) + "\n"
            )
    return int(code)


LintOutput = Annotated[
    LintFormat, typer.Option("--output", "-o", envvar="EKSDNS_OUTPUT", help="Output format.")
]
AddonVersionOption = Annotated[
    str | None,
    typer.Option(
        "--addon-version",
        envvar="EKSDNS_ADDON_VERSION",
        help="Check for this version, such as v1.11.4-eksbuild.28. Default: the newest known.",
    ),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        envvar="EKSDNS_FROM",
        help="With --to: the add-on version before the upgrade; reports only what the upgrade changes.",
    ),
]
To = Annotated[
    str | None,
    typer.Option("--to", envvar="EKSDNS_TO", help="With --from: the add-on version after the upgrade."),
]
FixOption = Annotated[
    bool,
    typer.Option("--fix", envvar="EKSDNS_FIX", help="Apply fixes that do not change what CoreDNS does."),
]
UnsafeFixes = Annotated[
    bool,
    typer.Option(
        "--unsafe-fixes",
        envvar="EKSDNS_UNSAFE_FIXES",
        help="With --fix or --diff: also apply fixes that change what CoreDNS does.",
    ),
]
WithImports = Annotated[
    bool,
    typer.Option(
        "--with-imports",
        envvar="EKSDNS_WITH_IMPORTS",
        help="Read imports from the file's folder. Default: report them, because the add-on's pods have no "
        "other files.",
    ),
]
DiffOption = Annotated[
    bool, typer.Option("--diff", envvar="EKSDNS_DIFF", help="Show what --fix would change; write nothing.")
]


@corefile.command()
def lint(
    files: Files = None,
    addon_version: AddonVersionOption = None,
    installed: From = None,
    target: To = None,
    output: LintOutput = LintFormat.TABLE,
    fix: FixOption = False,
    unsafe_fixes: UnsafeFixes = False,
    diff: DiffOption = False,
    with_imports: WithImports = False,
    env: Environment = None,
    allow_import: AllowImport = None,
) -> int:
    """Report what the CoreDNS of an add-on version would refuse, and what it accepts but is likely a mistake.

    --fix changes a file in place; fixed standard input is written to standard output. Each fix is listed.
    --from and --to report what an upgrade changes: errors, new warnings and notes, and changes of behaviour.
    """
    from eksaddon.app.corefile import STDIN, fix_source, lint_source, read_source, write_out
    from eksaddon.app.exit_table import Result, Tally, decide
    from eksaddon.cli.lint_output import print_findings, print_fixes
    from eksaddon.domain.diagnostic import Severity
    from eksaddon.domain.errors import EksdnsError

    before, version = _versions(addon_version, installed, target)
    if before is not None and (fix or diff):
        raise typer.BadParameter("cannot be combined with --fix or --diff", param_hint="--from")
    environment = _environment(env)
    found, errors = [], 0
    for name in files or [STDIN]:
        try:
            source = read_source(name, environment, allow_import or ())
            if fix or diff:
                fixed = fix_source(source, version, unsafe=unsafe_fixes, with_imports=with_imports)
                print_fixes(source, fixed, unsafe=unsafe_fixes, as_diff=diff)
                if not diff:
                    write_out(source, fixed.text, in_place=name != STDIN)
                source = replace(source, text=fixed.text)
        except EksdnsError as error:
            messages.problem("error", error.message, error.hint)
            errors += 1
            continue
        found.append((source, lint_source(source, version, before, with_imports=with_imports)))
    errors += sum(one.severity is Severity.ERROR for _, findings in found for one in findings)
    print_findings(found, output.value, on_stderr=diff or (fix and (files or [STDIN]) == [STDIN]))
    return int(decide(Result.LINT, Tally(lost=errors)))


def _versions(
    assumed: str | None, installed: str | None, target: str | None
) -> "tuple[Version | None, Version]":
    """The installed and the target version of CoreDNS; no installed one without `--from` and `--to`."""
    if installed is None and target is None:
        return None, _version(assumed)
    if installed is None or target is None:
        raise typer.BadParameter("use --from and --to together", param_hint="--from, --to")
    if assumed is not None:
        raise typer.BadParameter("cannot be combined with --from and --to", param_hint="--addon-version")
    return _version(installed, "--from"), _version(target, "--to")


def _version(text: str | None, option: str = "--addon-version") -> "Version":
    """CoreDNS version of an add-on version; an assumed or unknown version is reported on stderr."""
    from eksaddon.app.corefile import target_version
    from eksaddon.corefile.syntax.versions import NEWEST_KNOWN, show_version

    version = target_version(text, option)
    if text is None:
        _assumed(version, "checked for")
    elif version.coredns > NEWEST_KNOWN:
        newest = show_version(NEWEST_KNOWN)
        messages.problem(
            "warning", f"checked by the rules of CoreDNS {newest}: those of {version} are not known"
        )
    return version.coredns


def _assumed(version: "AddonVersion", verb: str) -> None:
    from eksaddon.schema import LISTED_ON

    messages.problem(
        "note",
        f"{verb} {version}, the newest add-on version known on {LISTED_ON}; --addon-version selects another",
    )


Grace = Annotated[
    int,
    typer.Option(
        "--grace",
        metavar="SECONDS",
        min=1,
        envvar="EKSDNS_GRACE",
        help="terminationGracePeriodSeconds that a lameduck must fit into.",
    ),
]
AcceptWarnings = Annotated[
    bool,
    typer.Option(
        "--accept-warnings",
        envvar="EKSDNS_ACCEPT_WARNINGS",
        help="Apply the edit despite new warnings.",
    ),
]


@corefile.command("set")
def assign(
    assignment: Annotated[
        str,
        typer.Argument(help="lameduck=20s, cache=30, '\".:53\".forward[2].policy=random', ..."),
    ],
    file: OneFile = "-",
    block: Block = None,
    in_snippet: InSnippet = False,
    in_place: InPlace = False,
    addon_version: AddonVersionOption = None,
    grace: Grace = 30,
    accept_warnings: AcceptWarnings = False,
    env: Environment = None,
    allow_import: AllowImport = None,
) -> int:
    """Set one argument or property and keep every other byte; refuses an edit that cannot be verified."""
    from eksaddon.app.corefile import Target, read_source, write_out
    from eksaddon.app.corefile import assign as apply_edit
    from eksaddon.app.corefile_assignment import read_assignment

    request = read_assignment(assignment)
    if block is not None:
        if request.block is not None:
            raise typer.BadParameter("the assignment already names a server block", param_hint="--block")
        request = replace(request, block=block)
    target = Target(_version(addon_version), grace)
    source = read_source(file, _environment(env), allow_import or ())
    edited = apply_edit(source, request, target, in_snippet=in_snippet, accept_warnings=accept_warnings)
    write_out(source, edited.text, in_place=in_place)
    return 0


Second = Annotated[
    str | None, typer.Argument(help="Second Corefile. Default: EKS's default for --addon-version.")
]
DefaultOf = Annotated[
    str | None,
    typer.Option(
        "--addon-version",
        envvar="EKSDNS_ADDON_VERSION",
        help="Compare as this version reads them. Without a second file: compare with its EKS default.",
    ),
]


@corefile.command()
def diff(
    first: Annotated[str, typer.Argument(help="Corefile; `-` reads standard input.")],
    second: Second = None,
    addon_version: DefaultOf = None,
    env: Environment = None,
    allow_import: AllowImport = None,
) -> int:
    """Compare what two Corefiles mean to CoreDNS; ignores comments, layout and insignificant order.

    Exits with 0 if both mean the same, 2 if they differ, 1 if one cannot be read.
    """
    from eksaddon.app.corefile import compared, target_version
    from eksaddon.app.exit_table import Result, Tally, decide
    from eksaddon.cli.lint_output import print_rows
    from eksaddon.corefile.diff.difference import Incomparable
    from eksaddon.corefile.diff.render import render_comparison
    from eksaddon.domain.errors import ExitCode

    if addon_version is None and second is not None:
        _assumed(target_version(None), "compared as read by")
    found = compared(first, second, addon_version, _environment(env), allow_import or ())
    print_rows(render_comparison(found))
    if isinstance(found, Incomparable):
        return int(ExitCode.ERROR)
    return int(decide(Result.DIFF, Tally(changes=len(found.changes))))
