"""moto behind a socket, for programs that only know AWS_ENDPOINT_URL; its own server would want Flask."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto import mock_aws
from moto.core.models import botocore_stubber

from tests.support.network.loopback import Loopback, Reply, Seen, loopback

SCOPE = re.compile(r"Credential=[^/]+/[0-9]+/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")
GLOBAL = frozenset({"iam"})


@contextmanager
def moto_over_http() -> Iterator[Loopback]:
    """One request at a time: moto is not made for threads."""
    lock = threading.Lock()

    def answer(seen: Seen) -> Reply:
        with lock:
            return carried_out(seen)

    with mock_aws(), loopback(answer) as server:
        yield server


def carried_out(seen: Seen) -> Reply:
    """To moto a request is one to AWS itself, whose host tells the service and the region."""
    found = SCOPE.search(seen.headers.get("authorization", ""))
    assert found is not None, "a request that is not signed"
    region, service = found.groups()
    host = f"{service}.amazonaws.com" if service in GLOBAL else f"{service}.{region}.amazonaws.com"
    headers = HTTPHeaders()
    for name, value in seen.headers.items():
        headers[name] = host if name == "host" else value
    request = AWSPreparedRequest(
        seen.method, f"https://{host}{seen.target}", headers, seen.body, stream_output=False
    )
    response = botocore_stubber.process_request(request)
    assert response is not None, f"moto has no {service}"
    status, given, body = response
    sent = {str(name): str(value) for name, value in given.items() if name.lower() != "content-length"}
    return Reply(body.encode() if isinstance(body, str) else body, status, sent)
