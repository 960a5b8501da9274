"""Compare `eksdns plan` with the scripts that one would write instead.

`--quick` takes about a minute. Nothing is asserted on time; a program that does not read every cluster ends
the benchmark. `--compare OLD NEW` compares two files of `--json`, `--page FILE` prints the docs' tables.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from tests.bench.contenders import Contender, aws_cli, bare, eksdns, find_cli, lean, with_live_reads
from tests.bench.measuring import Run, Series, measure
from tests.bench.results import Result, compared, read_results, results, write_results
from tests.bench.serving import simulator
from tests.bench.setting import Files, Setting, environment, write_files
from tests.bench.table import page, table

_ACCOUNTS = {200: 10, 1000: 20, 5000: 200, 20000: 800}
OPTIONAL = ("lean", "bare", "cli", "live")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--clusters", type=int, action="append", help="repeatable; default: 200")
    parser.add_argument("--accounts", type=int, help="default: 10, 20, 200, 800 for 200, 1000, 5000, 20000")
    parser.add_argument("--regions", type=int, default=2, choices=range(1, 5), help="per account; default: 2")
    parser.add_argument("--latency", type=float, action="append", help="seconds; repeatable; default: 0.08")
    parser.add_argument("--http", action="store_true", help="plain HTTP; with --tls both")
    parser.add_argument("--tls", action="store_true", help="the default")
    parser.add_argument("--texts", type=int, default=4, help="different configurations; default: 4")
    parser.add_argument("--repeats", type=int, default=5, help="turns that count; default: 5")
    parser.add_argument("--warm-up", type=int, default=1, help="turns that do not count; default: 1")
    parser.add_argument("--without", action="append", default=[], choices=OPTIONAL)
    parser.add_argument(
        "--quick", action="store_true", help="200 clusters, three turns, without bare and cli"
    )
    parser.add_argument("--json", type=Path, help="also write the runs to this file")
    parser.add_argument("--compare", type=Path, nargs=2, metavar=("OLD", "NEW"), help="two files of --json")
    parser.add_argument("--page", type=Path, metavar="FILE", help="a file of --json")
    return parser.parse_args()


def _settings(options: argparse.Namespace) -> Iterator[Setting]:
    transports = [False] * options.http + [True] * (options.tls or not options.http)
    for clusters, latency, is_tls in product(
        options.clusters or [200], options.latency or [0.08], transports
    ):
        accounts = options.accounts or _ACCOUNTS.get(clusters, max(1, clusters // 25))
        yield Setting(clusters, accounts, latency, is_tls, options.texts, options.regions)


def _contenders(files: Files, setting: Setting, without: list[str]) -> Iterator[Contender]:
    yield eksdns(files)
    if "lean" not in without:
        yield lean(files)
    if "bare" not in without:
        yield bare(files)
    if "live" not in without and setting.is_tls:  # no Kubernetes API without TLS
        yield with_live_reads(files)
    if "cli" not in without and (program := find_cli()) is not None:
        yield aws_cli(files, program)


def compare(setting: Setting, folder: Path, *, turns: int, warm_up: int, without: list[str]) -> Result:
    """Run every program once a turn, each turn beginning with another one.

    The AWS CLI, which takes longest, runs in the first turn only.
    """
    files = write_files(setting, folder)
    contenders = list(_contenders(files, setting, without))
    runs: dict[str, list[Run]] = {each.name: [] for each in contenders}
    with simulator(setting, files) as serving:
        env = environment(files, serving.url)
        for turn in range(-warm_up, turns):
            first = turn % len(contenders)
            for contender in (*contenders[first:], *contenders[:first]):
                if contender.limit is not None and turn != 0:
                    continue
                run = measure(contender, serving, env, setting.clusters)
                if turn >= 0:
                    runs[contender.name].append(run)
    series = (
        Series(each.name, min(setting.clusters, each.limit or setting.clusters), tuple(runs[each.name]))
        for each in contenders
    )
    return Result(setting.title, tuple(series))


def main() -> None:
    options = _options()
    if options.compare:
        before, after = map(read_results, options.compare)
        sys.stdout.writelines(f"{line}\n" for line in compared(before, after))
        return
    if options.page:
        sys.stdout.write(page(read_results(options.page)))
        return
    if options.quick:
        options.repeats, options.without = 3, [*options.without, "bare", "cli"]
    found: list[Result] = []
    for number, setting in enumerate(_settings(options)):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / str(number)
            found.append(
                compare(
                    setting, place, turns=options.repeats, warm_up=options.warm_up, without=options.without
                )
            )
        sys.stdout.write(f"### {found[-1].title}\n\n{table(found[-1])}\n")
        sys.stdout.flush()
        if options.json is not None:
            write_results(results(found), options.json)


if __name__ == "__main__":
    main()
