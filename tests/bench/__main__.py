"""Side by side with what one would write instead: `python -m tests.bench --clusters 200`.

Nothing is asserted on time; a program that does not read every cluster ends the run.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from tests.bench.contenders import Contender, aws_cli, bare, eksdns, find_cli, lean
from tests.bench.measuring import Measurement, best, measure
from tests.bench.serving import simulator
from tests.bench.setting import Files, Setting, environment, write_files
from tests.bench.table import table

_ACCOUNTS = {200: 10, 1000: 20, 5000: 200}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--clusters", type=int, action="append", help="repeatable; default: 200")
    parser.add_argument("--accounts", type=int, help="default: 10, 20, 200 for 200, 1000, 5000 clusters")
    parser.add_argument("--latency", type=float, action="append", help="seconds; repeatable; default: 0.08")
    parser.add_argument("--http", action="store_true", help="plain HTTP; with --tls both")
    parser.add_argument("--tls", action="store_true", help="the default")
    parser.add_argument("--texts", type=int, default=4, help="different configurations; default: 4")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--without", action="append", default=[], choices=["lean", "bare", "cli"])
    parser.add_argument("--out", type=Path, help="also write the tables to this file")
    return parser.parse_args()


def _settings(options: argparse.Namespace) -> Iterator[Setting]:
    transports = [False] * options.http + [True] * (options.tls or not options.http)
    for clusters, latency, is_tls in product(
        options.clusters or [200], options.latency or [0.08], transports
    ):
        accounts = options.accounts or _ACCOUNTS.get(clusters, max(1, clusters // 25))
        yield Setting(clusters, accounts, latency, is_tls, options.texts)


def _contenders(files: Files, without: list[str]) -> Iterator[Contender]:
    yield eksdns(files)
    if "lean" not in without:
        yield lean(files)
    if "bare" not in without:
        yield bare(files)
    if "cli" not in without and (program := find_cli()) is not None:
        yield aws_cli(files, program)


def compare(setting: Setting, folder: Path, *, repeats: int, without: list[str]) -> list[Measurement]:
    """Run every program in turn, and that again and again, so that a busy minute meets all of them.

    The AWS CLI, which takes longest, runs once.
    """
    files = write_files(setting, folder)
    contenders = list(_contenders(files, without))
    runs: dict[str, list[Measurement]] = {each.name: [] for each in contenders}
    with simulator(setting, files) as serving:
        env = environment(files, serving.url)
        for turn, contender in product(range(repeats), contenders):
            if turn == 0 or contender.limit is None:
                runs[contender.name].append(measure(contender, serving, env, setting.clusters))
    return [best(each) for each in runs.values()]


def main() -> None:
    options = _options()
    written = []
    for number, setting in enumerate(_settings(options)):
        with tempfile.TemporaryDirectory() as folder:
            found = compare(
                setting, Path(folder) / str(number), repeats=options.repeats, without=options.without
            )
        written.append(f"### {setting.title}\n\n{table(found)}")
        sys.stdout.write(f"{written[-1]}\n")
        sys.stdout.flush()
        if options.out is not None:
            options.out.write_text("\n".join(written))


if __name__ == "__main__":
    main()
