import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.probing.expectation import ANY_ANSWER, DATA, Expectation, read_expectation
from eksaddon.domain.probing.figures import Loss
from eksaddon.probe.ask import Question
from eksaddon.probe.packets import Packets
from eksaddon.probe.samples import NoReply, Reply

NAME = "a.example."
WIRE = b"\0\1" + Question("127.0.0.1", name=NAME).query().to_wire()[2:]


def reply(
    *addresses: str, rcode: dns.rcode.Rcode = dns.rcode.NOERROR, truncated: bool = False, kind: str = "A"
) -> bytes:
    message = dns.message.make_response(dns.message.from_wire(WIRE))
    message.set_rcode(rcode)
    if addresses:
        message.answer.append(dns.rrset.from_text(NAME, 5, "IN", kind, *addresses))
    if truncated:
        message.flags |= dns.flags.TC
    return message.to_wire()


@pytest.mark.parametrize(
    ("expected", "wire", "problem"),
    [
        ([], reply("10.0.0.1"), ""),
        ([], reply(), "NODATA"),
        ([], reply(rcode=dns.rcode.NXDOMAIN), "NXDOMAIN"),
        ([], reply(rcode=dns.rcode.SERVFAIL), "SERVFAIL"),
        ([], reply(rcode=dns.rcode.REFUSED), "REFUSED"),
        ([], reply("10.0.0.1", truncated=True), "truncated"),
        (["NXDOMAIN"], reply(rcode=dns.rcode.NXDOMAIN), ""),
        (["NXDOMAIN"], reply("10.0.0.1"), "NOERROR"),
        (["NODATA"], reply(), ""),
        (["NOERROR", "NODATA"], reply(), ""),
        (["A=10.0.0.1"], reply("10.0.0.1"), ""),
        (["A=10.0.0.1"], reply("10.0.0.2"), "wrong-answer"),
        (["A=10.0.0.1", "A=10.0.0.2"], reply("10.0.0.2", "10.0.0.1"), ""),
        (["A=10.0.0.1", "A=10.0.0.2"], reply("10.0.0.1"), "wrong-answer"),
        (["AAAA=fd00::1"], reply("fd00:0::1", kind="AAAA"), ""),
        (["any"], reply(rcode=dns.rcode.SERVFAIL, truncated=True), ""),
    ],
    ids=map(str, range(16)),  # records of a set have no fixed order on the wire
)
def test_every_answer_that_is_not_expected_is_a_failure_of_its_own_kind(
    expected: list[str], wire: bytes, problem: str
) -> None:
    found = Packets(WIRE, read_expectation(expected)).read(wire)
    assert isinstance(found, Reply)
    assert found.problem == problem


@pytest.mark.parametrize("text", ["A=x", "A=fd00::1", "AAAA=10.0.0.1", "nonsense", "=", ""])
def test_an_invalid_expectation_is_a_usage_error(text: str) -> None:
    with pytest.raises(EksdnsError) as caught:
        read_expectation([text])
    assert caught.value.exit_code is ExitCode.USAGE
    assert caught.value.hint


def test_without_words_data_is_expected() -> None:
    assert read_expectation([]) == DATA == Expectation(frozenset({"NOERROR"}))


@given(st.integers(0, 65_535))
def test_a_query_differs_in_its_id_alone(number: int) -> None:
    wire = Packets(WIRE, DATA).query(number)
    assert dns.message.from_wire(wire).id == number
    assert wire[2:] == WIRE[2:]


@given(st.integers(0, 65_535), st.integers(0, 65_535))
def test_replies_that_differ_in_their_id_are_read_the_same(one: int, other: int) -> None:
    packets, wire = Packets(WIRE, DATA), reply("10.0.0.1")
    first, second = (number.to_bytes(2) + wire[2:] for number in (one, other))
    assert packets.read(first) is packets.read(second)


def test_only_a_response_to_the_question_is_ours() -> None:
    packets = Packets(WIRE, DATA)
    assert packets.is_ours(reply("10.0.0.1"))
    assert not packets.is_ours(WIRE)
    assert not packets.is_ours(reply("10.0.0.1").replace(b"\x01a", b"\x01b"))
    assert not packets.is_ours(b"")


@given(st.binary(max_size=64))
def test_any_bytes_are_a_reply_or_unreadable(data: bytes) -> None:
    found = Packets(WIRE, ANY_ANSWER).read(data)
    assert isinstance(found, Reply) or found.loss is Loss.UNREADABLE


def test_a_cut_reply_says_what_is_wrong() -> None:
    found = Packets(WIRE, DATA).read(reply("10.0.0.1")[:-3])
    assert isinstance(found, NoReply)
    assert found.detail
