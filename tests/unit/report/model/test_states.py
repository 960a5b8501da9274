"""The table of states that every format reads."""

from typing import get_args

import pytest

from eksaddon.domain.run.classify import outcome_word
from eksaddon.domain.run.outcome import Outcome, OutcomeWord
from eksaddon.report.model.states import IN_SYNC, MOVING, STATES, WORDS, Kind, outcome_label

LABELS = {
    "inSync": "in sync",
    "unreachable": "unreachable",
    "skipped": "skipped",
}


@pytest.mark.parametrize("kind", Kind)
def test_every_word_of_a_kind_has_exactly_one_row(kind: Kind):
    assert sorted(state.word for state in STATES[kind]) == sorted(WORDS[kind])


@pytest.mark.parametrize("word", LABELS)
def test_one_state_has_one_word_and_one_label_in_every_kind(word: str):
    rows = {state for states in STATES.values() for state in states if state.word == word}
    assert {state.label for state in rows} == {LABELS[word]}
    assert len(rows) == 1


def test_a_label_stands_for_one_word_only():
    words = {(state.label, state.word) for states in STATES.values() for state in states}
    assert len({label for label, _ in words}) == len(words)


def test_a_cluster_in_sync_is_not_moved():
    assert IN_SYNC.word not in MOVING
    assert set(MOVING) == {"update", "changed", "rolledBack", "drifted"}


def test_every_outcome_has_a_word():
    found = {outcome_word(object.__new__(outcome)) for outcome in get_args(Outcome)}
    assert found == set(OutcomeWord)


def test_a_word_that_is_not_an_outcome_is_its_own_label():
    assert (outcome_label("pending"), outcome_label("rolledBack")) == ("pending", "rolled back")
