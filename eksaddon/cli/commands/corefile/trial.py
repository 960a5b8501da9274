"""eksdns corefile try"""

import json
from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli import messages
from eksaddon.cli.commands.corefile.files import CorefileFormat, OneFile, Output

Binary = Annotated[
    Path | None,
    typer.Option(
        "--coredns",
        envvar="EKSDNS_COREDNS",
        help="CoreDNS binary, or a folder with coredns-VERSION files. Default: coredns in the PATH.",
    ),
]
Queries = Annotated[
    list[str] | None,
    typer.Option("--query", envvar="EKSDNS_QUERY", help="Further query, as NAME or NAME/TYPE; repeatable."),
]
Before = Annotated[
    str | None,
    typer.Option(
        "--before",
        envvar="EKSDNS_BEFORE",
        help="Corefile before the change; a query that it already fails does not count.",
    ),
]
OfVersion = Annotated[
    str | None,
    typer.Option(
        "--addon-version", envvar="EKSDNS_ADDON_VERSION", help="Require the CoreDNS of this add-on version."
    ),
]


def try_(
    file: OneFile = "-",
    coredns: Binary = None,
    query: Queries = None,
    before: Before = None,
    addon_version: OfVersion = None,
    output: Output = CorefileFormat.TABLE,
) -> int:
    """Start a Corefile in a real CoreDNS and ask it the queries of every cluster, over UDP and TCP.

    CoreDNS listens on the loopback interface only. Upstreams, the API server and files are replaced by
    stand-ins, which are listed. Queries come from 127.0.0.1.
    """
    from eksaddon.app.coredns_binary import find_coredns
    from eksaddon.app.corefile import read_source, target_version
    from eksaddon.app.corefile_trial import read_query, try_corefile
    from eksaddon.app.exit_table import Result, Tally, decide
    from eksaddon.corefile.syntax.versions import show_version
    from eksaddon.report.documents.corefile_try import try_document, try_lines

    queries = tuple(read_query(text) for text in query or ())
    version = show_version(target_version(addon_version).coredns)
    binary = find_coredns(coredns, "to try the Corefile in", version)
    source = read_source(file, {})
    old = None if before is None else read_source(before, {})
    found = try_corefile(source, old, binary, queries, addon_version)
    parts = (found.file, found.coredns, found.failures, found.after, found.before)
    if output is CorefileFormat.TABLE:
        messages.rendered("\n".join(try_lines(*parts)) + "\n")
    else:
        indent = 2 if output is CorefileFormat.JSON else None
        messages.rendered(json.dumps(try_document(*parts), indent=indent) + "\n")
    return int(decide(Result.LINT, Tally(lost=len(found.failures))))
