import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.corefile import NotADuration, format_duration, parse_duration, short_duration

SECOND = 1_000_000_000
LARGEST = (1 << 63) - 1

# from Go 1.26: text, nanoseconds
READ = [
    ("0", 0),
    ("-0", 0),
    ("+0", 0),
    ("5s", 5 * SECOND),
    ("+5s", 5 * SECOND),
    ("-5s", -5 * SECOND),
    (".5s", SECOND // 2),
    ("5.s", 5 * SECOND),
    ("1h1h", 7200 * SECOND),
    ("1m30.5s", 90_500_000_000),
    ("1us", 1000),
    ("1\u00b5s", 1000),
    ("1\u03bcs", 1000),
    ("0.9223372036854775809s", 922_337_203),
    ("1.00000000000000000000000000001h", 3600 * SECOND),
    ("0.99999999999999999999s", SECOND),
    ("00000000000000000000000000000000000005s", 5 * SECOND),
    ("9223372036854775807ns", LARGEST),
    ("-9223372036854775808ns", -LARGEST - 1),
    ("9223372036.854775807s", LARGEST),
    ("-9223372036854775808ns9223372036854775808ns", 0),
    ("999999h", 3_599_996_400 * SECOND),
]

# text, Go's error
REFUSED = [
    ("", 'time: invalid duration ""'),
    ("+", 'time: invalid duration "+"'),
    ("5", 'time: missing unit in duration "5"'),
    ("00", 'time: missing unit in duration "00"'),
    ("1h30", 'time: missing unit in duration "1h30"'),
    ("1d", 'time: unknown unit "d" in duration "1d"'),
    ("5S", 'time: unknown unit "S" in duration "5S"'),
    ("5sec", 'time: unknown unit "sec" in duration "5sec"'),
    ("1e3s", 'time: unknown unit "e" in duration "1e3s"'),
    ("1_000s", 'time: unknown unit "_" in duration "1_000s"'),
    (" 5s", 'time: invalid duration " 5s"'),
    ("5s ", 'time: unknown unit "s " in duration "5s "'),
    (".", 'time: invalid duration "."'),
    ("-.s", 'time: invalid duration "-.s"'),
    ("s", 'time: invalid duration "s"'),
    ("5\u00b5", 'time: unknown unit "\\xc2\\xb5" in duration "5\\xc2\\xb5"'),
    ("5\udcff", 'time: unknown unit "\\xef\\xbf\\xbd" in duration "5\\xef\\xbf\\xbd"'),
    ('1"\\\n', 'time: unknown unit "\\"\\\\\\x0a" in duration "1\\"\\\\\\x0a"'),
    ("\u0665s", 'time: invalid duration "\\xd9\\xa5s"'),
    ("9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'),
    ("9223372036854775809ns", 'time: invalid duration "9223372036854775809ns"'),
    ("2562048h", 'time: invalid duration "2562048h"'),
    ("256204801h", 'time: invalid duration "256204801h"'),
    ("9223372036.854775809s", 'time: invalid duration "9223372036.854775809s"'),
    ("1" * 5000 + "s", f'time: invalid duration "{"1" * 5000}s"'),
    ("9223372036854775807ns1ns1ns", 'time: invalid duration "9223372036854775807ns1ns1ns"'),
]

# nanoseconds, Go's Duration.String, the shortest
WRITTEN = [
    (0, "0s", "0s"),
    (1, "1ns", "1ns"),
    (1500, "1.5\u00b5s", "1.5\u00b5s"),
    (250_000_000, "250ms", "250ms"),
    (20 * SECOND, "20s", "20s"),
    (60 * SECOND, "1m0s", "1m"),
    (90 * SECOND, "1m30s", "1m30s"),
    (3600 * SECOND, "1h0m0s", "1h"),
    (3605 * SECOND, "1h0m5s", "1h5s"),
    (36_060 * SECOND, "10h1m0s", "10h1m"),
    (-5 * SECOND, "-5s", "-5s"),
    (LARGEST, "2562047h47m16.854775807s", "2562047h47m16.854775807s"),
]


@pytest.mark.parametrize(("text", "nanoseconds"), READ)
def test_durations_are_read_as_go_reads_them(text: str, nanoseconds: int) -> None:
    assert parse_duration(text) == nanoseconds


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_an_invalid_duration_is_refused_with_the_message_of_go(text: str, message: str) -> None:
    found = parse_duration(text)
    assert isinstance(found, NotADuration)
    assert found.message == message


@pytest.mark.parametrize(("nanoseconds", "text", "short"), WRITTEN)
def test_durations_are_written_as_go_writes_them_and_shorter(nanoseconds: int, text: str, short: str) -> None:
    assert format_duration(nanoseconds) == text
    assert short_duration(nanoseconds) == short


@given(st.integers(-LARGEST, LARGEST))
def test_a_written_document_reads_back_the_same(nanoseconds: int) -> None:
    assert (
        parse_duration(short_duration(nanoseconds))
        == parse_duration(format_duration(nanoseconds))
        == nanoseconds
    )


@given(st.text("+-.0159smhun\u00b5d ", max_size=12))
def test_any_text_is_a_duration_or_has_a_reason(text: str) -> None:
    found = parse_duration(text)
    assert -LARGEST - 1 <= found <= LARGEST if isinstance(found, int) else found.reason
