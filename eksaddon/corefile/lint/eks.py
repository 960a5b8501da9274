"""Requirements of the EKS add-on on a Corefile; not needed for NodeLocal DNS or other clusters.

Source: the Deployment and the Corefile that EKS ships with the add-on, Kubernetes 1.28 to 1.36.
"""

from collections.abc import Iterator, Sequence

from eksaddon.corefile.lint.findings import Finding
from eksaddon.corefile.lint.subject import Subject
from eksaddon.corefile.meaning.resolve import is_unseen
from eksaddon.corefile.meaning.serving import main_block
from eksaddon.corefile.syntax.dispenser import Occurrence, occurrences
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import ServerBlock
from eksaddon.corefile.syntax.versions import Version
from eksaddon.corefile.syntax.wording import brief
from eksaddon.domain.diagnostic import Severity
from eksaddon.frozen import dataclass

POD_FILES = frozenset({"/etc/resolv.conf", "/etc/hosts", "/etc/coredns/Corefile"})
"""Files in the add-on's pod other than CoreDNS."""

_ALL_HOSTS = frozenset({"", "0.0.0.0", "::", "[::]"})  # noqa: S104 - compared with, not bound to


@dataclass(frozen=True, slots=True)
class _Probe:
    """A probe of the Deployment and the plugin that answers it."""

    plugin: str
    port: str
    rule: str
    since: Version
    without: str


_PROBES = (
    _Probe("ready", "8181", "eks-ready", (1, 5, 0), "new pods never become ready"),
    _Probe("health", "8080", "eks-health", (0, 0, 0), "the liveness probe restarts every new pod"),
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A plugin that EKS's own Corefile has."""

    plugin: str
    rule: str
    since: Version
    without: str


_WANTED = (
    _Wanted(
        "reload", "eks-reload", (1, 1, 0), "CoreDNS reads a changed Corefile only after its pods are replaced"
    ),
    _Wanted("loop", "eks-loop", (1, 2, 1), "a forwarding loop exhausts memory instead of stopping the pod"),
    _Wanted("kubernetes", "eks-kubernetes", (0, 0, 0), "service and pod names are not resolved"),
)


def lint_eks(subject: Subject) -> Iterator[Finding]:
    corefile = subject.corefile
    main = main_block(corefile)
    if main is None or corefile.fault is not None or any(is_unseen(each) for each in corefile.imports):
        return
    for probe in _PROBES:
        yield from _probed(subject, main, probe)
    for wanted in _WANTED:
        missing = not any(wanted.plugin in block.groups for block in corefile.blocks)
        if missing and subject.version >= wanted.since:
            summary = f"no server block has `{wanted.plugin}`, so {wanted.without}"
            detail = f"Add `{wanted.plugin}` to this server block, as in EKS's default Corefile."
            yield subject.at(Severity.WARNING, wanted.rule, main.key_tokens[0], summary, detail)
    for block in corefile.blocks:
        yield from _files(subject, block)


def _probed(subject: Subject, main: ServerBlock, probe: _Probe) -> Iterator[Finding]:
    found = [
        occurrence
        for block in subject.corefile.blocks
        for occurrence in occurrences(block.groups.get(probe.plugin, ()))
        if occurrence.name.text == probe.plugin
    ]
    if subject.version < probe.since or any(_answers(occurrence, probe) for occurrence in found):
        return
    token = found[0].name if found else main.key_tokens[0]
    summary = f"no `{probe.plugin}` listens on :{probe.port}, so {probe.without}"
    detail = f"The add-on's probes cannot be changed; use `{probe.plugin}` without an address."
    yield subject.at(Severity.WARNING, probe.rule, token, summary, detail)


def _answers(occurrence: Occurrence, probe: _Probe) -> bool:
    if not occurrence.args:
        return True
    host, _, port = occurrence.args[0].text.rpartition(":")
    return port == probe.port and host in _ALL_HOSTS


def _files(subject: Subject, block: ServerBlock) -> Iterator[Finding]:
    for name in filter(_WITH_FILES.__contains__, block.groups):
        for occurrence in occurrences(block.groups[name]):
            for token in _file_arguments(name, occurrence.args):
                if token.text not in POD_FILES:
                    summary = f"the add-on's pods have no file `{brief(token.text)}`"
                    detail = "The add-on mounts only the Corefile and cannot mount other volumes."
                    yield subject.at(Severity.WARNING, "eks-file", token, summary, detail)


_WITH_FILES = frozenset({"forward", "grpc", "hosts", "file", "sign", "autopath", "tls"})


def _file_arguments(name: str, args: Sequence[Token]) -> Sequence[Token]:
    match name:
        case "forward" | "grpc":
            return [arg for arg in args[1:] if arg.text.startswith("/")]
        case "hosts" | "file" | "sign":
            return [arg for arg in args[:1] if arg.text != "{"]
        case "autopath":
            return [arg for arg in args[-1:] if not arg.text.startswith("@")]
        case _:  # tls
            return args
