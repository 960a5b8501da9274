"""Records what the real CoreDNS says about every Corefile of our own corpus.

python -m tests.e2e.record_corpus
"""

import json
import tempfile
from pathlib import Path

from tests.e2e.coredns_release import CURRENT, OLD, Case, judged
from tests.e2e.grammar_judge import answers, write_files
from tests.support.corefile.corpus import RECORDED, sources


def judge(folder: Path) -> dict[str, dict[str, object]]:
    """The verdicts by name, from the parser alone and from two releases."""
    paths = sources()
    contents = [path.read_bytes() for path in paths]
    write_files(folder)
    grammar = list(answers([("c", data) for data in contents], folder))
    errors = {
        version: judged([Case(data) for data in contents], folder, version) for version in (CURRENT, OLD)
    }
    return {
        path.stem: {
            "grammar": grammar[number],
            "errors": {version: verdicts[number].error for version, verdicts in errors.items()},
        }
        for number, path in enumerate(paths)
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        RECORDED.write_text(
            json.dumps(judge(Path(made)), indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8"
        )
