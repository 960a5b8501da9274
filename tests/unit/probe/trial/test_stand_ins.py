import asyncio
import socket

import dns.asyncquery
import dns.message
import dns.query
import dns.rcode
import pytest

from eksaddon.probe.trial.stand_ins import answer_as_upstream, api_reply, api_server, services_at, upstream

SERVICES = services_at("1.0.100.10.in-addr.arpa.")


# name, type, rcode, text of the answer
ANSWERS = [
    ("example.com.", "A", "NOERROR", "example.com. 5 IN A 192.0.2.1"),
    ("8.8.8.8.in-addr.arpa.", "PTR", "NOERROR", "8.8.8.8.in-addr.arpa. 5 IN PTR host.example."),
    ("example.com.", "AAAA", "NOERROR", ""),
    ("Web.Shop.svc.cluster.LOCAL.", "A", "NXDOMAIN", ""),
    ("1.0.100.10.in-addr.arpa.", "PTR", "NXDOMAIN", ""),
]


@pytest.mark.parametrize(("name", "kind", "rcode", "text"), ANSWERS)
def test_the_upstream_knows_outside_names_only(name: str, kind: str, rcode: str, text: str) -> None:
    wire = dns.message.make_query(name, kind).to_wire()
    reply = dns.message.from_wire(answer_as_upstream(wire, "cluster.local."))
    assert dns.rcode.to_text(reply.rcode()) == rcode
    assert "\n".join(each.to_text() for each in reply.answer) == text


def test_the_upstream_answers_over_udp_and_tcp_and_survives_garbage() -> None:
    async def run() -> set[str]:
        async with upstream("cluster.local.") as address:
            host, _, port = address.rpartition(":")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.sendto(b"\0", (host, int(port)))
            query = dns.message.make_query("example.com.", "A")
            udp = await dns.asyncquery.udp(query, host, 5, int(port))
            tcp = await dns.asyncquery.tcp(query, host, 5, int(port))
            return {reply.answer[0].to_text() for reply in (udp, tcp)}

    assert asyncio.run(run()) == {"example.com. 5 IN A 192.0.2.1"}


def test_the_api_server_lists_the_kinds_that_coredns_reads() -> None:
    def names(target: str) -> list[object]:
        status, document = api_reply(target, SERVICES)
        assert status == 200
        assert isinstance(document, dict)
        return [each["metadata"]["name"] for each in document["items"]]

    assert names("/api/v1/services?limit=500") == ["kubernetes", "web"]
    assert names("/apis/discovery.k8s.io/v1/endpointslices") == ["kubernetes-1", "web-1"]
    assert names("/api/v1/namespaces") == ["default", "shop"]
    assert names("/api/v1/pods") == []
    assert api_reply("/api/v1/services?sendInitialEvents=true&watch=true", SERVICES)[0] == 422


def test_the_address_of_the_api_server_is_the_one_asked_for() -> None:
    assert services_at("7.1.20.172.in-addr.arpa.")[0].address == "172.20.1.7"
    assert services_at("nonsense.")[0].address == "10.100.0.1"


def test_the_api_server_answers_lists_and_keeps_watches_silent() -> None:
    async def run() -> tuple[bytes, bool]:
        async with api_server(SERVICES) as url:
            port = int(url.rpartition(":")[2])
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /api/v1/namespaces HTTP/1.1\r\n\r\n")
            status = await reader.readline()
            writer.write(b"GET /api/v1/services?watch=true HTTP/1.1\r\n\r\n")
            writer.write_eof()
            rest = await reader.read()
            writer.close()
            return status, b"HTTP/1.1" in rest

    assert asyncio.run(run()) == (b"HTTP/1.1 200 Stand-in\r\n", False)
