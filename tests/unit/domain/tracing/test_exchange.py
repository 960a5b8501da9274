"""One line for each request."""

from eksaddon.domain.tracing.exchange import Exchange, NoResponse, Responded, exchange_text

URL = "https://eks.eu-west-1.amazonaws.com/clusters/shop"


def test_a_response_has_attempt_time_and_request_id():
    exchange = Exchange("eks", "DescribeCluster", "GET", URL, 0.0432, Responded(200, "abc-1"), 2, 8)
    assert exchange_text(exchange) == (
        f"eks DescribeCluster GET {URL}: 200 in 43 ms, attempt 2 of 8, request ID abc-1"
    )


def test_a_missing_response_has_the_error():
    exchange = Exchange("kubernetes", "", "GET", URL, 5, NoResponse("ConnectTimeout: timed out"))
    assert exchange_text(exchange) == (
        f"kubernetes GET {URL}: no response in 5000 ms: ConnectTimeout: timed out"
    )


def test_fields_unknown_to_a_client_are_omitted():
    assert exchange_text(Exchange("s3", "", "GET", URL, 1, Responded(404), 1)) == (
        f"s3 GET {URL}: 404 in 1000 ms, attempt 1"
    )
