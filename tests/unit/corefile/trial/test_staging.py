from itertools import count

import pytest

from eksaddon.corefile.syntax.parser import parse
from eksaddon.corefile.syntax.tokens import decode
from eksaddon.corefile.trial.staging import Stage, Staged, staged
from tests.support.corefile.corpus import corpus


def stage() -> Stage:
    ports = count(5001)
    made = Stage("127.0.0.1:7", "http://127.0.0.1:8", "/tmp/hosts", lambda: next(ports))
    made.port("53")
    return made


def run(text: str) -> Staged:
    return staged(text, stage())


# ruff: noqa: ISC004
# a Corefile, the one that runs on the loopback interface, what is said
STAGED: dict[str, tuple[str, str, list[str]]] = {
    "listeners": (
        ".:53 {\n health\n ready :8282\n prometheus :9153\n reload\n}\n",
        ".:5001 {\n bind 127.0.0.1\n health 127.0.0.1:5002\n ready 127.0.0.1:5003\n"
        " prometheus 127.0.0.1:5004\n reload\n}\n",
        [],
    ),
    "upstreams": (
        ". {\n bind 10.0.0.1\n forward . /etc/resolv.conf tls://1.1.1.1 {\n  tls a b c\n  "
        "tls_servername x\n  expire 5s\n }\n}\n",
        ".:5001 {\n bind 127.0.0.1\n forward . 127.0.0.1:7 {\n  \n  \n  expire 5s\n }\n}\n",
        ["forward asks a stand-in instead of /etc/resolv.conf, tls://1.1.1.1"],
    ),
    "itself": (
        ".:53 {\n bind 127.0.0.1\n forward . 127.0.0.1 dns://127.0.0.1:53 [::1]:53 127.0.0.1:99\n}\n",
        ".:5001 {\n bind 127.0.0.1\n forward . 127.0.0.1:5001 127.0.0.1:1\n}\n",
        [],
    ),
    "gRPC": (
        ". {\n bind 10.0.0.1\n grpc . 10.0.0.1:443 10.0.0.2:443 {\n  policy random\n  tls a\n  "
        "fallthrough\n }\n}\n",
        ".:5001 {\n bind 127.0.0.1\n forward . 127.0.0.1:7 {\n  policy random\n  \n  \n }\n}\n",
        ["forward asks a stand-in instead of grpc to 10.0.0.1:443, 10.0.0.2:443"],
    ),
    "another port of its own": (
        ".:53 {\n bind 127.0.0.1\n grpc . 127.0.0.1:5353 {\n  tls a\n }\n}\na:5353 {\n bind 127.0.0.1\n}\n",
        ".:5001 {\n bind 127.0.0.1\n grpc . 127.0.0.1:5002\n}\na.:5002 {\n bind 127.0.0.1\n}\n",
        [],
    ),
    "kubernetes": (
        ". {\n bind 127.0.0.1\n kubernetes cluster.local {\n  kubeconfig a b\n  pods insecure\n }\n}\n",
        ".:5001 {\n bind 127.0.0.1\n kubernetes cluster.local {\n  pods insecure\n"
        "  endpoint http://127.0.0.1:8\n }\n}\n",
        ["kubernetes reads a stand-in for the API server with two Services"],
    ),
    "kubernetes with an endpoint": (
        ". {\n bind 127.0.0.1\n kubernetes {\n  endpoint https://a\n }\n}\n",
        ".:5001 {\n bind 127.0.0.1\n kubernetes {\n  endpoint http://127.0.0.1:8\n }\n}\n",
        ["kubernetes reads a stand-in for the API server with two Services"],
    ),
    "hosts": (
        ". {\n bind 127.0.0.1\n hosts {\n  10.0.0.1 a\n }\n hosts /etc/h b\n}\n",
        ".:5001 {\n bind 127.0.0.1\n hosts /tmp/hosts {\n  10.0.0.1 a\n }\n hosts /tmp/hosts b\n}\n",
        ["hosts reads an empty file; its inline entries are kept"],
    ),
    "files and commands": (
        ". {\n bind 127.0.0.1\n file db a\n on startup /bin/x\n whoami\n}\n",
        ".:5001 {\n bind 127.0.0.1\n whoami\n}\n",
        [
            "file is omitted: it needs files, a service or a command",
            "on is omitted: it needs files, a service or a command",
        ],
    ),
    "encrypted": (
        "tls://. {\n tls a b\n}\n.:53, tls://b {\n bind 127.0.0.1\n}\n",
        "\n.:5001 {\n bind 127.0.0.1\n}\n",
        ["the server block tls://. is omitted: it needs a certificate"],
    ),
    "a snippet of two blocks": (
        "(s) {\n forward . 1.1.1.1\n health\n}\na {\n import s\n}\nb {\n import s\n}\n",
        "(s) {\n forward . 127.0.0.1:7\n health 127.0.0.1:5002\n}\na.:5001 {\n bind 127.0.0.1\n import s\n}\n"
        "b.:5001 {\n bind 127.0.0.1\n import s\n}\n",
        ["forward asks a stand-in instead of 1.1.1.1"],
    ),
    "without braces": (".\nwhoami\n", ".:5001\nbind 127.0.0.1\nwhoami\n", []),
    "rejected": (". {", ". {", []),
    "encrypted without braces": ("tls://.\nwhoami\n", "tls://.\nbind 127.0.0.1\nwhoami\n", []),
    "a network": (
        "10.0.0.0/15 {\n bind ::1\n}\n",
        "0.10.in-addr.arpa.:5001 1.10.in-addr.arpa.:5001 {\n bind 127.0.0.1\n}\n",
        [],
    ),
}


@pytest.mark.parametrize("name", STAGED)
def test_a_corefile_runs_on_the_loopback_interface(name: str) -> None:
    text, expected, notes = STAGED[name]
    assert run(text) == Staged(expected, tuple(notes))


@pytest.mark.parametrize("name", sorted(each.name for each in corpus()))
def test_an_accepted_corefile_is_accepted_on_the_loopback_interface(name: str) -> None:
    text = decode(next(each.data for each in corpus() if each.name == name))
    found = run(text)
    assert (parse(found.text).fault is None) == (parse(text).fault is None)
    for block in parse(found.text).blocks:
        assert "on" not in block.groups
