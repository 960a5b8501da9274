"""Whatever an endpoint replies becomes a value of the port: no exception, and no token in any text."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.adoption import Manifests, NoCoreDns
from eksaddon.domain.encoding.codec import encode
from eksaddon.domain.kube.apply_answer import Applied, ApplyConflict, WriteNotSent, WriteRefused
from eksaddon.domain.plan import WorkloadWrite
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NotChecked, Workload
from eksaddon.kube.clusters import KubeWorkloads
from eksaddon.kube.network.replies import LARGEST
from eksaddon.ports import Reach
from eksaddon.sim.inprocess.httpx_transport import InProcessKubernetes
from eksaddon.sim.workload.state import ScaledBy, Scaler
from eksaddon.sim.workload.state import Workload as Simulated
from tests.support.examples import examples
from tests.support.kube import REF, KubeStage
from tests.support.network.authority import Authority

TOKEN = "k8s-aws-v1.aHR0cHM6Ly9zdHMuZXUtd2VzdC0xLmFtYXpvbmF3cy5jb20"
ENDPOINT = "https://kubernetes.invalid"
with TemporaryDirectory() as folder:
    AUTHORITY = b64encode(Authority(Path(folder)).bundle.read_bytes()).decode()
Answer = Callable[[httpx2.Request], httpx2.Response]


class Endpoint(httpx2.BaseTransport):
    """Answers every request as it is told to."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._answer(request)


class Directory:
    """Names an authority too: without one, each client reads those of the whole machine."""

    def __init__(self, endpoint: str = ENDPOINT) -> None:
        self._endpoint = endpoint

    def reach(self, _: ClusterRef) -> Reach:
        return Reach(self._endpoint, AUTHORITY, lambda: TOKEN)


def edge(answer: Answer, endpoint: str = ENDPOINT) -> KubeWorkloads:
    return KubeWorkloads(Directory(endpoint), lambda: 0.0, transport=Endpoint(answer), sleep=lambda _: None)


def replies() -> Mapping[tuple[str, str], bytes]:
    """What a healthy cluster answers, by method and the end of the path."""
    scaled = Simulated(scaler=Scaler(2, 9, ScaledBy.KEDA))
    stage, found = KubeStage(scaled), dict[tuple[str, str], bytes]()
    inner = InProcessKubernetes(stage.world.handle, sleep=lambda _: None)  # recorded once

    def recorded(request: httpx2.Request) -> httpx2.Response:
        response = inner.handle_request(request)
        found[request.method, request.url.path.rsplit("/", 1)[-1]] = response.content
        return response

    kube = KubeWorkloads(stage.aws.clusters, lambda: stage.now, transport=Endpoint(recorded))
    assert isinstance(kube.read(REF), Workload)
    assert kube.write(REF, WorkloadWrite(45, 5), dry_run=True) == Applied()
    return {**found, VERSION: b'{"major": "1", "minor": "33"}'}


CONFIG, VERSION = ("GET", "configmaps/coredns"), ("GET", "version")
HEALTHY = replies()


def key(request: httpx2.Request) -> tuple[str, str]:
    return request.method, request.url.path.rsplit("/", 1)[-1]


def healthy(request: httpx2.Request) -> httpx2.Response:
    # the Deployment and the ConfigMap have one name
    if "/configmaps/" in request.url.path:
        document = {"kind": "ConfigMap", "metadata": {"name": "coredns"}, "data": {"Corefile": ".:53 {\n}\n"}}
        return httpx2.Response(200, json=document)
    if "/deployments/" in request.url.path and request.method == "GET":
        return httpx2.Response(200, content=DEPLOYMENT)
    return httpx2.Response(200, content=HEALTHY[key(request)])


DEPLOYMENT = HEALTHY["PATCH", "coredns"]


def answers(kube: KubeWorkloads) -> list[object]:
    found: list[object] = [
        kube.read(REF),
        kube.pods(REF),
        kube.manifests(REF),
        kube.write(REF, WorkloadWrite(45, 5)),
        kube.write(REF, WorkloadWrite(45, None), dry_run=True),
    ]
    assert isinstance(found[0], Workload | NotChecked)
    assert isinstance(found[1], tuple | NotChecked)
    assert isinstance(found[2], Manifests | NoCoreDns | NotChecked)
    for each in found[3:]:
        assert isinstance(each, Applied | ApplyConflict | WriteRefused | WriteNotSent | NotChecked)
    for each in found:
        text = json.dumps(encode(each)) if not isinstance(each, Manifests) else repr(each)
        assert TOKEN not in text
        text.encode()
    kube.close()
    return found


def status(code: object = 500, message: object = "etcd is gone", **more: object) -> bytes:
    document = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "message": message}
    return json.dumps(document | more).encode()


HTML = b"<html><title>Sign in</title></html>"
DEEP = b"[" * 300_000 + b"]" * 300_000  # 3.14 takes what fits the stack


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (httpx2.Response(200), "empty"),
        (httpx2.Response(200, content=b"{}"), "no version"),
        (httpx2.Response(200, content=b"[]"), "not a Kubernetes object"),
        (httpx2.Response(200, content=b'{"major": "one", "minor": "33"}'), "no version"),
        (httpx2.Response(200, content=b'{"major": "1", "minor": "' + b"9" * 5000 + b'"}'), "no version"),
        (httpx2.Response(200, content=HTML), "an HTML page"),
        (httpx2.Response(200, content=status()[:-9]), "not a Kubernetes object"),
        (httpx2.Response(200, content=b'{"kind": ' + DEEP + b"}"), "not a Kubernetes object"),
        (httpx2.Response(200, content=b'{"more": ' + DEEP + b"}"), "nested too deeply"),
        (httpx2.Response(200, content=b" " * (LARGEST + 1)), "larger than 16 MB"),
        (httpx2.Response(200, content=HTML, headers={"content-encoding": "br"}), "content encoding"),
        (httpx2.Response(204), "empty"),
        (httpx2.Response(307), "HTTP 307"),
        (httpx2.Response(307, headers={"location": "https://[::bad"}), "HTTP 307"),
        (httpx2.Response(401), "HTTP 401"),
        (httpx2.Response(403, content=HTML), "HTTP 403"),
        (httpx2.Response(504), "HTTP 504"),
        (httpx2.Response(500, content=b"[]", headers={"content-type": "application/json"}), "HTTP 500"),
        (httpx2.Response(500, content=b'{"kind": "Status", "code": "x"}'), "HTTP 500"),
        (httpx2.Response(500, content=DEEP), "HTTP 500"),
        (httpx2.Response(500, content=status()), "etcd is gone"),
        (httpx2.Response(401, content=status(401, "Unauthorized")), "rejected the credentials"),
        (httpx2.Response(403, content=status(403, f"token {TOKEN} is bad")), "[token removed]"),
        (httpx2.Response(500, content=status(500, "Authorization: Bearer abcdefghijklmnopqrst")), "[token"),
    ],
)
def test_an_odd_reply_is_a_reason_with_a_remedy(reply: httpx2.Response, said: str) -> None:
    for found in answers(edge(lambda _: reply)):
        assert isinstance(found, NotChecked | WriteNotSent)
        assert said in found.reason
        assert found.hint


@pytest.mark.parametrize(
    ("end", "document", "said"),
    [
        ("deployments/coredns", {"kind": "Pod"}, "not of kind Deployment"),
        ("deployments/coredns", {"kind": "Deployment"}, "ValidationError"),
        ("deployments/coredns", {"kind": "Deployment", "spec": None}, "ValidationError"),
        ("configmaps/coredns", {"kind": "ConfigMap", "data": []}, "ValidationError"),
        ("pods", {"kind": "Pod", "items": []}, "not of kind PodList"),
        ("pods", {"kind": "PodList", "items": None}, "ValidationError"),
        ("pods", {"kind": "PodList", "items": [], "metadata": {"continue": "x"}}, "an incomplete list"),
    ],
)
def test_an_object_of_another_kind_or_shape_is_reported(end: str, document: object, said: str) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        odd = request.url.path.endswith(end)
        return httpx2.Response(200, json=document) if odd else healthy(request)

    found = edge(answer).look(REF)
    assert isinstance(found, NotChecked), found
    assert said in found.reason


@pytest.mark.parametrize("end", ["deployments", "poddisruptionbudgets", "horizontalpodautoscalers"])
def test_an_odd_list_is_reported_by_a_whole_read(end: str) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        odd = request.url.path.endswith(f"/{end}")
        return httpx2.Response(200, json={"kind": "PodList", "items": []}) if odd else healthy(request)

    found = edge(answer).read(REF)
    assert isinstance(found, NotChecked), found
    assert "not of kind" in found.reason


@pytest.mark.parametrize(
    "reply",
    [
        httpx2.Response(200, json={"kind": "DeploymentList", "items": []}),
        httpx2.Response(403, content=status(403, "deployments.apps is forbidden")),
    ],
)
def test_a_list_without_the_deployment_is_followed_by_a_request_for_it(reply: httpx2.Response) -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        return reply if request.url.path.endswith("/deployments") else healthy(request)

    found = edge(answer).read(REF)
    assert isinstance(found, Workload), found
    assert asked[2].endswith("/deployments/coredns")
    assert bool(found.scalers_unread) is (reply.status_code == 403)


@pytest.mark.parametrize(
    "endpoint", ["https://[::bad", "", "https://", "kubernetes", "https://x:port", "https://\x00"]
)
def test_an_endpoint_that_is_not_a_url_is_a_reason(endpoint: str) -> None:
    for found in answers(edge(healthy, endpoint)):
        assert isinstance(found, NotChecked | WriteNotSent)
        assert "not a valid URL" in found.reason


def test_a_reply_that_never_ends_is_abandoned() -> None:
    now = [0.0]

    class Trickle(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                now[0] += 10
                yield b" "

    reply = Endpoint(lambda _: httpx2.Response(200, stream=Trickle()))
    kube = KubeWorkloads(Directory(), lambda: now[0], transport=reply, sleep=lambda _: None)
    found = kube.read(REF)
    assert isinstance(found, NotChecked)
    assert "in time" in found.reason


@pytest.mark.parametrize("code", [200, 401, 403, 409, 422, 500, 503])
def test_headers_echoed_by_a_server_are_never_printed(code: int) -> None:
    def echo(request: httpx2.Request) -> httpx2.Response:
        if key(request) == VERSION:
            return healthy(request)
        own = request.headers["authorization"]
        assert TOKEN in own
        causes = [{"message": f'conflict with "{own}"', "field": own}]
        kind = "Deployment" if "deployments" in request.url.path else "Status"
        template = {"metadata": {"annotations": {"seen": own}}, "spec": {"containers": []}}
        document = json.loads(status(code, own, details={"causes": causes}))
        document |= {"kind": kind, "spec": {"selector": {}, "template": template}}
        return httpx2.Response(code, json=document, headers={"x-seen": own, "location": own})

    answers(edge(echo))


def test_a_healthy_reply_without_a_content_type_is_read() -> None:
    assert isinstance(edge(healthy).read(REF), Workload)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "k:[]", "Status", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def places(document: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    found = [path] if path else []
    items: Iterable[tuple[object, object]] = enumerate(document) if isinstance(document, list) else ()
    if isinstance(document, dict):
        items = document.items()
    for step, below in items:
        found += places(below, (*path, step))
    return found


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """A healthy reply with some of its values replaced, and the request that gets it."""
    end = draw(st.sampled_from([*sorted({name for _, name in HEALTHY} - {"version"}), "config"]))
    document = (
        json.loads(HEALTHY["PATCH" if end == "coredns" else "GET", end])
        if end != "config"
        else {
            "kind": "ConfigMap",
            "metadata": {
                "managedFields": [{"manager": "x", "operation": "Update", "fieldsV1": {"f:data": {}}}]
            },
            "data": {"Corefile": ""},
        }
    )
    for path in draw(st.lists(st.sampled_from(places(document)), max_size=4)):
        node = document
        try:
            for step in path[:-1]:
                node = node[step]
            if draw(st.booleans()):
                node[path[-1]] = draw(json_values)
            elif isinstance(node, dict):
                node[draw(st.sampled_from(["k:[]", "k:x", "v:1", "f:x", "f:data"]))] = node.pop(path[-1])
        except (KeyError, IndexError, TypeError):
            continue
    return end, json.dumps(document).encode()


def ends(request: httpx2.Request, end: str) -> bool:
    path = request.url.path
    if end == "config":
        return "/configmaps/" in path
    return path.rsplit("/", 1)[-1] == end and "/configmaps/" not in path


@examples(60)
@given(mutated())
def test_any_value_in_an_object_is_read_or_refused(case: tuple[str, bytes]) -> None:
    end, body = case
    answers(
        edge(lambda request: httpx2.Response(200, content=body) if ends(request, end) else healthy(request))
    )


@examples(60)
@given(
    code=st.integers(200, 599),
    body=st.binary(max_size=200)
    | json_values.map(lambda value: json.dumps(value).encode())
    | st.builds(status, json_values, json_values, details=json_values, reason=json_values),
    headers=st.dictionaries(
        st.sampled_from(["content-type", "location", "set-cookie", "retry-after", "content-encoding"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    ),
    version=st.booleans(),
)
def test_any_reply_is_an_answer(code: int, body: bytes, headers: dict[str, str], version: bool) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if version and key(request) == VERSION:
            return healthy(request)
        return httpx2.Response(code, headers=headers, stream=httpx2.ByteStream(body))

    answers(edge(answer))
