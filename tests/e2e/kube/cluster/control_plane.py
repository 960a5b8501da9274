"""A real etcd and kube-apiserver on the loopback: TLS, RBAC on, a token for each user."""

import contextlib
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from eksaddon.probe.coredns import LOOPBACK, free_port
from tests.e2e.kube.cluster.api import Api, RefusedError
from tests.e2e.kube.cluster.authenticator import GROUP, USER
from tests.e2e.kube.cluster.connections import close
from tests.e2e.kube.cluster.processes import running
from tests.e2e.kube.cluster.releases import etcd, program
from tests.support.network.authority import Authority
from tests.support.network.connect_proxy import ConnectProxy

ADMIN, EKS, KUBECTL, EKSDNS = "admin", "eks:addon-manager", "alice", USER
GROUPS = {ADMIN: "system:masters", EKS: "", KUBECTL: "system:masters", EKSDNS: GROUP}
"""What the users may is the business of RBAC; `eksdns` is the group that an EKS access entry gives."""

CONTROLLERS = (
    "deployment-controller,replicaset-controller,disruption-controller,garbage-collector-controller,"
    "job-controller"
)

EXPIRED = "expired.test"
"""The name under which the API server has a certificate that has ended."""

START_SECONDS = 90.0
"""A first start has to read some 100 MB from disk, on a machine that does other things."""

EKS_RIGHTS = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRoleBinding",
    "metadata": {"name": "eks:addon-cluster-admin"},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
    "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": EKS}],
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running API server.

    Attributes:
        authority: PEM file of the CA that signed its certificate.
        tokens: By user.
        pod_network: Carries what the API server sends to pods and nodes; None: the network of this host.
    """

    version: str
    url: str
    authority: Path
    tokens: Mapping[str, str]
    pod_network: ConnectProxy | None = None

    def api(self, user: str = ADMIN) -> Api:
        return Api(self.url, self.authority, self.tokens[user])


@contextmanager
def control_plane(
    version: str, folder: Path, pod_network: ConnectProxy | None = None, *, authenticator: str = ""
) -> Iterator[Server]:
    """An API server of the version with nothing in it; it and its etcd live as long as the block.

    Args:
        authenticator: URL of the webhook that knows EKS's tokens; empty for none.
    """
    authority = Authority(folder)
    client, peer, port = (free_port() for _ in range(3))
    tokens = {user: secrets.token_hex(16) for user in GROUPS}
    server = Server(version, f"https://localhost:{port}", authority.bundle, tokens, pod_network)
    certificate, key = authority.server_files()
    signing = _signing_key(folder)
    listed = _token_file(folder, tokens)
    options = [
        f"--bind-address={LOOPBACK}",
        f"--secure-port={port}",
        f"--etcd-servers=http://{LOOPBACK}:{client}",
        f"--tls-cert-file={certificate}",
        f"--tls-private-key-file={key}",
        f"--tls-sni-cert-key={','.join(authority.server_files(EXPIRED, timedelta(days=-1)))}:{EXPIRED}",
        f"--cert-dir={folder}",
        f"--token-auth-file={listed}",
        "--authorization-mode=RBAC",
        f"--service-account-issuer={server.url}",
        f"--service-account-key-file={signing}",
        f"--service-account-signing-key-file={signing}",
        "--service-cluster-ip-range=172.20.0.0/16",
        "--endpoint-reconciler-type=none",
        "--shutdown-delay-duration=0s",
        "--shutdown-send-retry-after=false",
        *([f"--egress-selector-config-file={_egress(folder, pod_network)}"] if pod_network else []),
        *(_webhook(folder, authenticator) if authenticator else []),
    ]
    apiserver: list[str | Path] = [program(version, "kube-apiserver"), *options]
    with (
        running(_etcd(folder, client, peer), folder, lambda: _listens(client), seconds=START_SECONDS),
        running(apiserver, folder, lambda: _ready(server.api()), seconds=START_SECONDS),
    ):
        server.api().create(EKS_RIGHTS)
        try:
            yield server
        finally:
            close(server.url)


@contextmanager
def controllers(server: Server, folder: Path) -> Iterator[None]:
    """The real controllers of Deployments, ReplicaSets and PodDisruptionBudgets."""
    port = free_port()
    command: list[str | Path] = [
        program(server.version, "kube-controller-manager"),
        f"--kubeconfig={kubeconfig(server, ADMIN, folder)}",
        f"--controllers={CONTROLLERS}",
        "--leader-elect=false",
        f"--bind-address={LOOPBACK}",
        f"--secure-port={port}",
        f"--cert-dir={folder}",
        "--kube-api-qps=200",
        "--kube-api-burst=400",
    ]
    with running(command, folder, lambda: _listens(port), seconds=START_SECONDS):
        yield


def kubeconfig(server: Server, user: str, folder: Path) -> Path:
    """A file that kubectl and the controllers read."""
    path = folder / f"{user.replace(':', '-')}.kubeconfig"
    path.write_text(
        f"""\
apiVersion: v1
kind: Config
clusters: [{{name: test, cluster: {{server: "{server.url}", certificate-authority: "{server.authority}"}}}}]
users: [{{name: test, user: {{token: "{server.tokens[user]}"}}}}]
contexts: [{{name: test, context: {{cluster: test, user: test}}}}]
current-context: test
"""
    )
    return path


def _etcd(folder: Path, client: int, peer: int) -> list[str | Path]:
    at, beside = f"http://{LOOPBACK}:{client}", f"http://{LOOPBACK}:{peer}"
    return [
        etcd(),
        f"--data-dir={folder / 'etcd'}",
        f"--listen-client-urls={at}",
        f"--advertise-client-urls={at}",
        f"--listen-peer-urls={beside}",
        f"--initial-advertise-peer-urls={beside}",
        f"--initial-cluster=default={beside}",
    ]


def _egress(folder: Path, pod_network: ConnectProxy) -> Path:
    """The API server never sends to a pod on a loopback address, so pods have others, which lead there."""
    path = folder / "egress.yaml"
    path.write_text(
        f"""\
apiVersion: apiserver.k8s.io/v1beta1
kind: EgressSelectorConfiguration
egressSelections:
- name: cluster
  connection: {{proxyProtocol: HTTPConnect, transport: {{uds: {{udsName: "{pod_network.url}"}}}}}}
"""
    )
    return path


def _webhook(folder: Path, url: str) -> list[str]:
    path = folder / "authenticator.yaml"
    path.write_text(
        f"""\
apiVersion: v1
kind: Config
clusters: [{{name: eks, cluster: {{server: "{url}"}}}}]
users: [{{name: apiserver}}]
contexts: [{{name: eks, context: {{cluster: eks, user: apiserver}}}}]
current-context: eks
"""
    )
    return [
        f"--authentication-token-webhook-config-file={path}",
        "--authentication-token-webhook-version=v1",
    ]


def _signing_key(folder: Path) -> Path:
    path = folder / "service-accounts.key"
    path.write_bytes(
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    return path


def _token_file(folder: Path, tokens: Mapping[str, str]) -> Path:
    path = folder / "tokens.csv"
    path.write_text("".join(f'{token},{user},{user},"{GROUPS[user]}"\n' for user, token in tokens.items()))
    return path


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
        return True
    return False


def _ready(api: Api) -> bool:
    try:
        api.call("GET", "readyz")
    except (OSError, RefusedError):
        return False
    return True
