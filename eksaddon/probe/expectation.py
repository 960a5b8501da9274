"""Checks whether a reply is the expected one."""

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from eksaddon.domain.probing.expectation import NODATA, Expectation

WRONG, TRUNCATED = "wrong-answer", "truncated"


def problem(message: dns.message.Message, expected: Expectation) -> str:
    """Why a reply is not as expected; empty if it is."""
    if not expected.outcomes:
        return ""
    if message.flags & dns.flags.TC:
        return TRUNCATED
    outcome = dns.rcode.to_text(message.rcode())
    if outcome == "NOERROR" and not message.answer:
        outcome = NODATA
    if outcome not in expected.outcomes:
        return outcome
    return WRONG if outcome == "NOERROR" and not expected.addresses <= _records(message) else ""


def _records(message: dns.message.Message) -> frozenset[tuple[str, str]]:
    return frozenset(
        (dns.rdatatype.to_text(rrset.rdtype), record.to_text())
        for rrset in message.answer
        for record in rrset
    )
