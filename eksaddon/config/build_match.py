"""Converts `match` and `select` to domain values."""

from collections.abc import Mapping

from eksaddon.config.model.scope import MatchModel
from eksaddon.domain.selection import Match
from eksaddon.domain.target import Labels


def build_match(model: MatchModel) -> Match:
    return Match(
        clusters=tuple(model.cluster),
        accounts=tuple(model.account),
        regions=tuple(model.region),
        labels=tuple(sorted((key, tuple(globs)) for key, globs in model.labels.items())),
        units=tuple(model.ou),
    )


def read_labels(labels: Mapping[str, str]) -> Labels:
    return tuple(sorted(labels.items()))
