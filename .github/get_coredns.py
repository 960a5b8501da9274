"""Downloads CoreDNS releases for `eksdns corefile try`, `plan --try-corefile` and the gate `corefile-try`.

python get_coredns.py FOLDER VERSION=SHA256 ...

The digest is that of the release's archive for this platform, which CoreDNS publishes in
coredns_VERSION_linux_amd64.tgz.sha256. FOLDER then has one binary `coredns-VERSION` for each release; set
EKSDNS_COREDNS to it. Only the standard library is used: the image is built without any other.
"""

import hashlib
import io
import os
import platform
import re
import sys
import tarfile
import urllib.request
from pathlib import Path

RELEASES = "https://github.com/coredns/coredns/releases/download"
"""EKSDNS_COREDNS_RELEASES replaces it, for a mirror."""

LARGEST = 200 * 1024 * 1024
SECONDS = 120
WANTED = re.compile(r"(?P<version>[0-9]+\.[0-9]+\.[0-9]+)=(?P<digest>[0-9a-f]{64})")
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


def archive(version: str) -> bytes:
    machine = MACHINES.get(platform.machine(), platform.machine())
    base = os.environ.get("EKSDNS_COREDNS_RELEASES") or RELEASES
    address = f"{base}/v{version}/coredns_{version}_linux_{machine}.tgz"
    with urllib.request.urlopen(address, timeout=SECONDS) as reply:  # noqa: S310  # of a fixed address
        content: bytes = reply.read(LARGEST + 1)
    return content


def binary(content: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as files:
        found = files.extractfile("coredns")
        return found.read(LARGEST) if found else b""


def main(folder: Path, wanted: list[str]) -> str:
    """Download every release, or return what is wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in wanted:
        found = WANTED.fullmatch(each)
        if found is None:
            return f"invalid {each!r}, expected VERSION=SHA256 (example: 1.11.4=<64 hexadecimal digits>)"
        content = archive(found["version"])
        actual = hashlib.sha256(content).hexdigest()
        if actual != found["digest"]:
            return f"CoreDNS {found['version']}: the archive has the SHA-256 {actual}, not {found['digest']}"
        path = folder / f"coredns-{found['version']}"
        path.write_bytes(binary(content))
        path.chmod(0o755)
        sys.stdout.write(f"{path}\n")
    return ""


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1]), sys.argv[2:]) or 0)
    except (OSError, tarfile.TarError, KeyError, IndexError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
