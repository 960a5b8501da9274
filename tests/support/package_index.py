"""A package index on this machine: for each locked package its own version, and a newer one."""

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distribution

from tests.support.locks import Pin

NEWER = "9999.0"


@dataclass(frozen=True, slots=True)
class Index:
    """A running index.

    Attributes:
        digests: SHA-256 of the locked version's file, by package.
        fetched: Names of the files that were asked for, in order.
    """

    url: str
    digests: Mapping[str, str]
    fetched: list[str] = field(default_factory=list)

    @property
    def newer(self) -> list[str]:
        return [name for name in self.fetched if f"-{NEWER}-" in name]


def _wheel(name: str, version: str, metadata: Iterable[str]) -> bytes:
    """An empty package that requires what the real one requires."""
    stem = f"{name.replace('-', '_')}-{version}"
    head = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *metadata]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"{stem}.dist-info/METADATA"), "\n".join(head) + "\n")
        archive.writestr(
            zipfile.ZipInfo(f"{stem}.dist-info/WHEEL"),
            "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(zipfile.ZipInfo(f"{stem}.dist-info/RECORD"), "")
    return held.getvalue()


def _files(pin: Pin) -> dict[str, bytes]:
    """The locked version's file first, then the newer one."""
    real = distribution(pin.name).metadata
    metadata = [
        *(f"Requires-Dist: {each}" for each in real.get_all("Requires-Dist") or ()),
        *(f"Provides-Extra: {each}" for each in real.get_all("Provides-Extra") or ()),
    ]
    return {
        f"{pin.name.replace('-', '_')}-{version}-py3-none-any.whl": _wheel(pin.name, version, metadata)
        for version in (pin.version, NEWER)
    }


@contextmanager
def package_index(locked: Iterable[Pin]) -> Iterator[Index]:
    files = {pin.name: _files(pin) for pin in locked}
    digests = {
        name: {file: hashlib.sha256(data).hexdigest() for file, data in each.items()}
        for name, each in files.items()
    }
    contents = {file: data for each in files.values() for file, data in each.items()}
    pages = {
        name: "".join(
            f'<a href="/files/{file}#sha256={digest}">{file}</a>\n' for file, digest in each.items()
        )
        for name, each in digests.items()
    }
    fetched: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, name = self.path.strip("/").split("/")
            if kind == "files":
                fetched.append(name)
                self._answer(contents.get(name), "application/octet-stream")
            else:
                page = pages.get(name)
                self._answer(page.encode() if page is not None else None, "text/html")

        def _answer(self, body: bytes | None, content_type: str) -> None:
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Index(
            f"http://127.0.0.1:{server.server_port}/simple/",
            {name: next(iter(each.values())) for name, each in digests.items()},
            fetched,
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
