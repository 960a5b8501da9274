from eksaddon.domain.probing.trial import Asked, DidNotStart, Started, TrialQuery, new_failures

STOCK = TrialQuery("example.com.", "A", is_stock=True)
FURTHER = TrialQuery("db.corp.", "AAAA")


def started(*asked: Asked) -> Started:
    return Started(asked)


def test_a_query_of_every_cluster_needs_an_answer_and_a_further_one_needs_no_failure() -> None:
    assert not Asked(STOCK, "NOERROR", "NOERROR").is_failed
    assert Asked(STOCK, "NOERROR", "NXDOMAIN").is_failed
    assert not Asked(FURTHER, "NXDOMAIN", "no records").is_failed
    assert Asked(FURTHER, "NXDOMAIN", "no answer").is_failed


def test_only_new_failures_count() -> None:
    bad = started(Asked(STOCK, "SERVFAIL", "no answer"), Asked(FURTHER, "REFUSED", "REFUSED"))
    good = started(Asked(STOCK, "NOERROR", "NOERROR"), Asked(FURTHER, "REFUSED", "REFUSED"))
    assert new_failures(None, bad) == (
        "example.com A gets SERVFAIL over UDP, no answer over TCP",
        "db.corp AAAA gets REFUSED",
    )
    assert new_failures(good, bad) == ("example.com A gets SERVFAIL over UDP, no answer over TCP",)
    assert new_failures(bad, good) == ()
    assert new_failures(DidNotStart("x"), bad) == new_failures(None, bad)
    assert new_failures(good, DidNotStart("no port")) == ("CoreDNS does not start: no port",)
    assert new_failures(DidNotStart("no port"), DidNotStart("no port")) == (
        "CoreDNS does not start: no port",
    )


def test_the_root_is_a_name() -> None:
    assert str(TrialQuery(".", "NS")) == ". NS"
