import json

import pytest

from eksaddon.domain.json import json_fault


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        ('{"a": 1,}', "trailing comma", 7),
        ('{"a": 1 , \n }', "trailing comma", 8),
        ("[1,]", "trailing comma", 2),
        ('{"a": [1,\n]}', "trailing comma", 8),
        ("[,]", "expected a value", 1),
        ("{,}", "expected a key in double quotes", 1),
        ('{"a": 1}}', "unexpected text after the end", 8),
        ('["\\x"]', "Invalid \\escape", 2),
        ("[1 2]", "expected a comma", 3),
    ],
)
def test_a_fault_has_one_message_and_place_on_every_python(text: str, message: str, position: int) -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(text)
    found = json_fault(caught.value)
    assert (found.msg, found.pos) == (message, position)


def test_the_words_of_newer_pythons_are_the_same() -> None:
    found = json_fault(json.JSONDecodeError("Illegal trailing comma before end of array", "[1,]", 2))
    assert (found.msg, found.pos) == ("trailing comma", 2)
