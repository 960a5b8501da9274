"""Desired values inside a Corefile."""

from eksaddon.domain.json import Json
from eksaddon.frozen import dataclass

Words = tuple[str, ...] | bool
"""The words of a directive or property; True: present with any words; False: absent."""


@dataclass(frozen=True, slots=True)
class CorefileSetting:
    """A directive or property and its words.

    Attributes:
        path: Canonical address, such as `cache.ttl` or `".:53".forward[2].max_concurrent`.
    """

    path: str
    words: Words

    @property
    def key(self) -> Json:
        return [self.path, self.words if isinstance(self.words, bool) else list(self.words)]


@dataclass(frozen=True, slots=True)
class DesiredServer:
    """A named server block that forwards zones, such as a stub domain.

    Attributes:
        zones: Keys of the block, such as `corp.example.com` or `corp.example.com:5353`.
        forward: Upstream addresses.
        cache: Maximum TTL in seconds; 0 for no cache.
        settings: Other settings of the block, without a server block in their paths.
    """

    name: str
    zones: tuple[str, ...]
    forward: tuple[str, ...]
    cache: int
    settings: tuple[CorefileSetting, ...] = ()

    @property
    def key(self) -> Json:
        settings = [each.key for each in self.settings]
        return [self.name, list(self.zones), list(self.forward), self.cache, settings]


@dataclass(frozen=True, slots=True)
class DesiredCorefile:
    """What is desired of the Corefile, apart from the lameduck.

    Attributes:
        text: The whole text; a text with the same meaning is not changed. None: not managed.
        settings: Sorted by path.
        servers: Sorted by name; None: not managed.
        left_alone: Names of servers that a waiver excludes; `*` for all.
    """

    text: str | None = None
    settings: tuple[CorefileSetting, ...] = ()
    servers: tuple[DesiredServer, ...] | None = None
    left_alone: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        return self.text is None and not self.settings and self.servers is None

    @property
    def key(self) -> Json:
        servers = None if self.servers is None else [each.key for each in self.servers]
        return [self.text, [each.key for each in self.settings], servers, sorted(self.left_alone)]


NO_COREFILE = DesiredCorefile()
