"""The leanest that botocore allows: one client for each region, one HTTP pool, one TLS context.

A client signs with the keys of the account that its thread works for. That is the floor, not a proposal:
accounts share one retry quota, and nothing is checked, compared or reported.
"""

import ssl
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from os import environ
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.httpsession import URLLib3Session

from tests.bench.asking import THREADS, Client, keys_of, names_in, read, regions


class OneContext(URLLib3Session):
    def __init__(self) -> None:
        self._shared = ssl.create_default_context(cafile=environ["AWS_CA_BUNDLE"])
        super().__init__(max_pool_connections=THREADS)

    def _get_pool_manager_kwargs(self, **extra: object) -> dict[str, object]:
        options: dict[str, object] = super()._get_pool_manager_kwargs(**extra)  # type: ignore[misc]  # not in the stubs
        return {**options, "ssl_context": self._shared}

    def _setup_ssl_cert(self, *_: object) -> None:
        """Leave the connection as it is: the context knows the authority."""


class ByThread(Credentials):
    def __init__(self) -> None:
        super().__init__("", "")
        self.here = threading.local()

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        keys: ReadOnlyCredentials = self.here.keys
        return keys


class Lending(botocore.session.Session):
    lent: Credentials | None = None

    def get_credentials(self) -> Credentials | None:
        return self.lent or super().get_credentials()


class Reader:
    def __init__(self, places: tuple[str, ...]) -> None:
        self._http = OneContext()
        self._by_thread = ByThread()
        self._session = Lending()
        self._sts = self._client("sts", places[0])
        self._session.lent = self._by_thread
        self._clients = {region: self._client("eks", region) for region in places}

    def keys(self, account: str) -> ReadOnlyCredentials:
        found = keys_of(self._sts, account)
        return ReadOnlyCredentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])

    def names(self, keys: ReadOnlyCredentials, region: str) -> list[str]:
        self._by_thread.here.keys = keys
        return names_in(self._clients[region])

    def read(self, keys: ReadOnlyCredentials, region: str, name: str) -> object:
        self._by_thread.here.keys = keys
        return read(self._clients[region], name)

    def _client(self, service: Any, region: str) -> Client:
        made: Client = self._session.create_client(
            service, region_name=region, config=Config(user_agent="bench")
        )
        made.meta.events.register_last("before-send", lambda request, **_: self._http.send(request))
        return made


def main(region_count: str, *accounts: str) -> int:
    regional = regions(int(region_count))
    reader = Reader(regional)
    with ThreadPoolExecutor(THREADS) as pool:
        places = list(product(pool.map(reader.keys, accounts), regional))
        found = zip(places, pool.map(lambda place: reader.names(*place), places), strict=True)
        refs = [(*place, name) for place, names in found for name in names]
        return len(list(pool.map(lambda ref: reader.read(*ref), refs)))


if __name__ == "__main__":
    sys.stdout.write(f"{main(*sys.argv[1:])}\n")
