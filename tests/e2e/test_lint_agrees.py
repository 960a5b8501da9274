"""Lint reports an error exactly where CoreDNS refuses to start, as far as that can be known from the text."""

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from eksaddon.corefile import decode, encode
from eksaddon.corefile.lint.findings import Group
from eksaddon.corefile.lint.linter import POD, lint
from eksaddon.domain.diagnostic import Severity
from tests.e2e.collection import collected
from tests.e2e.coredns_release import CHOSEN, Case, Verdict, judged
from tests.support.corefile.versions import coredns_version

pytestmark = pytest.mark.e2e

ABOUT_STARTING = frozenset(Group) - {Group.RESOLUTION}

OUT_OF_SIGHT = {
    "files": "no such file or directory|is a directory|not an IP address or file",
    "networks": "failed to resolve|no valid upstream addresses|interface name",
    "clouds": "credentials|IMDS|NoCredentialProviders|config profile",
    "languages of their own": "could not compile template|plugin/view",
    "a CoreDNS that falls over": "^panic: ",
}
"""What a text cannot tell, by CoreDNS's words for it."""

MUTANTS = 3000
MOST_IN_A_THOUSAND = 3
"""Disagreements about mutants: lint knows each plugin by heart, CoreDNS runs it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Lint's and CoreDNS's view of one Corefile."""

    name: str
    case: Case
    verdict: Verdict
    errors: tuple[str, ...]

    @property
    def is_false_alarm(self) -> bool:
        return self.verdict.ok and bool(self.errors)

    @property
    def is_missed(self) -> bool:
        return not self.verdict.ok and not self.errors and not self.is_out_of_sight

    @property
    def is_out_of_sight(self) -> bool:
        known = any(re.search(words, self.verdict.error) for words in OUT_OF_SIGHT.values())
        named = re.search(rb"\bbind\s[^\n]*\b(lo|eth\d)\b", self.case.corefile)
        return known or (self.verdict.error.startswith("cannot serve") and bool(named))

    def __str__(self) -> str:
        said = self.verdict.error or "accepts it"
        return f"{self.name}: CoreDNS: {said} | lint: {', '.join(self.errors) or 'no error'}"


def compared(cases: dict[str, Case], version: str, folder: Path) -> list[Finding]:
    number = coredns_version(version)

    def errors(case: Case) -> tuple[str, ...]:
        pod = replace(POD, environment=case.env)
        found = lint(decode(case.corefile), version=number, surroundings=pod, groups=ABOUT_STARTING)
        return tuple(one.rule for one in found if one.severity is Severity.ERROR)

    verdicts = judged(list(cases.values()), folder, version)
    return [
        Finding(name, case, verdict, errors(case))
        for (name, case), verdict in zip(cases.items(), verdicts, strict=True)
    ]


@pytest.mark.parametrize("version", CHOSEN)
def test_lint_and_coredns_agree_on_every_collected_corefile(version: str, tmp_path: Path) -> None:
    found = compared({source.id: source.case for source in collected()}, version, tmp_path)
    print(version, Counter((one.verdict.ok, bool(one.errors)) for one in found))  # noqa: T201  # the confusion matrix
    assert [str(one) for one in found if one.is_false_alarm] == []
    assert [str(one) for one in found if one.is_missed] == []


@pytest.mark.parametrize(("version", "seed"), [(each, seed) for seed, each in enumerate(CHOSEN)])
def test_lint_and_coredns_agree_on_corefiles_with_mistakes(version: str, seed: int, tmp_path: Path) -> None:
    found = compared(mutants(random.Random(seed)), version, tmp_path)
    wrong = [str(one) for one in found if one.is_false_alarm or one.is_missed]
    print(version, Counter((one.verdict.ok, bool(one.errors)) for one in found), *wrong, sep="\n")  # noqa: T201
    assert len(wrong) * 1000 <= MOST_IN_A_THOUSAND * MUTANTS
    assert sum(1 for one in found if not one.verdict.ok) > MUTANTS // 4


def mutants(dice: random.Random) -> dict[str, Case]:
    """Accepted Corefiles with one or two slips: of a line, of a word, of a character."""
    sources = [decode(source.case.corefile) for source in collected("ok") if not source.case.env]
    lines = [line for source in sources for line in source.split("\n") if line.strip()]
    slips = [_of_line(lines), _of_word([word for line in lines for word in line.split()])]

    def mutant() -> str:
        text = dice.choice(sources).split("\n")
        for _ in range(dice.choice((1, 1, 2))):
            dice.choice(slips)(dice, text)
        return "\n".join(text)

    return {f"mutant {number}": Case(encode(mutant())) for number in range(MUTANTS)}


Slip = Callable[[random.Random, list[str]], None]


def _of_line(lines: Sequence[str]) -> Slip:
    def slip(dice: random.Random, text: list[str]) -> None:
        at = dice.randrange(len(text))
        match dice.randrange(3):
            case 0:
                text.insert(at, dice.choice(lines))
            case 1:
                text.insert(at, text[at])
            case _:
                text[at] = ""

    return slip


def _of_word(words: Sequence[str]) -> Slip:
    def slip(dice: random.Random, text: list[str]) -> None:
        at = dice.randrange(len(text))
        parts = re.split(r"(\s+)", text[at])
        place = dice.randrange(len(parts))
        match dice.randrange(4):
            case 0:
                parts[place] = dice.choice(words)
            case 1:
                parts.insert(place, f" {dice.choice(words)} ")
            case 2:
                del parts[place]
            case _:
                parts[place] += dice.choice(["{", "}", "#", '"', "\n", " ", "0", "-", "s"])
        text[at] = "".join(parts)

    return slip
