"""Journals and the lock in S3, by conditional writes (If-None-Match, If-Match; since November 2024)."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject
from eksaddon.ports import Held, HeldByOther, Holder
from eksaddon.store.bucket import TRIES, Bucket
from eksaddon.store.holdings import (
    Holdings,
    acquired,
    from_text,
    held_for,
    released,
    renewed,
    shifted,
    to_text,
    unlocked,
)
from eksaddon.store.lines import from_lines, to_lines
from eksaddon.store.names import checked, no_such_run, run_exists

_READERS = 8
_WRITER = "writer"


class S3Journal:
    """One numbered object for each append; an existing number means that there is another writer.

    The first line of each object identifies the writer, so that a writer whose response was lost can
    distinguish its object from an equal one of another writer.
    """

    def __init__(self, bucket: Bucket, folder: str, count: int | None = None) -> None:
        self._bucket = bucket
        self._folder = folder
        self._count = count
        self._writer: JsonObject = {_WRITER: token_hex(16)}

    def append(self, records: Sequence[JsonObject]) -> None:
        if self._count is None:
            self._count = len(self._names())
        data = to_lines([self._writer, *records])
        if not self._bucket.put_new(f"{self._folder}/{self._count:08}.jsonl", data):
            raise EksdnsError(
                f"another process is writing to this run ({self._bucket.url}/{self._folder})",
                hint="wait for it to finish",
                exit_code=ExitCode.REFUSED,
            )
        self._count += 1

    def read(self) -> tuple[JsonObject, ...]:
        names = self._names()
        with ThreadPoolExecutor(_READERS) as readers:
            parts = readers.map(lambda name: self._bucket.get(f"{self._folder}/{name}").data, names)
            return tuple(
                record
                for name, data in zip(names, parts, strict=True)
                for record in self._records(name, data)
            )

    def close(self) -> None:
        """No-op: conditional writes detect a second writer."""

    def _names(self) -> tuple[str, ...]:
        names = self._bucket.names(f"{self._folder}/")
        for number, name in enumerate(names):
            if name != f"{number:08}.jsonl":
                raise EksdnsError(
                    f"{self._bucket.url}/{self._folder}: found {name} instead of {number:08}.jsonl",
                    hint="restore the objects of this run from a backup; eksdns does not guess what "
                    "happened in a run",
                )
        return names

    def _records(self, name: str, data: bytes) -> tuple[JsonObject, ...]:
        where = f"{self._bucket.url}/{self._folder}/{name}"
        lines = from_lines(data, where)
        if not lines.records or lines.good != len(data) or _WRITER not in lines.records[0]:
            raise EksdnsError(f"{where} is damaged or missing", hint="restore the object from a backup")
        return lines.records[1:]


class S3Lock:
    """A lock document, replaced only if unchanged since it was read; its times use S3's clock."""

    _KEY = "lock.json"

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def acquire(self, keys: frozenset[str], holder: Holder, now: float) -> Held | HeldByOther:
        for _ in range(TRIES):
            holdings, etag, ahead = self._read(now)
            result = acquired(shifted(holdings, -ahead), keys, holder, now)
            if isinstance(result, HeldByOther):
                return result
            if self._write(shifted(result, ahead), etag):
                return Held(holder.until)
            self._bucket.pause()
        raise self._bucket.contended(self._KEY)

    def renew(self, holder: Holder, now: float) -> bool:
        for _ in range(TRIES):
            holdings, etag, ahead = self._read(now)
            result = renewed(shifted(holdings, -ahead), holder, now)
            if result is None:
                return False
            if self._write(shifted(result, ahead), etag):
                return True
            self._bucket.pause()
        raise self._bucket.contended(self._KEY)

    def release(self, holder: Holder) -> None:
        self._change(lambda holdings: released(holdings, holder))

    def held_for(self, run_id: str, now: float) -> tuple[Holder, ...]:
        holdings, _, ahead = self._read(now)
        return held_for(shifted(holdings, -ahead), run_id, now)

    def unlock(self, run_id: str) -> None:
        self._change(lambda holdings: unlocked(holdings, run_id))

    def _change(self, change: Callable[[Holdings], Holdings]) -> None:
        for _ in range(TRIES):
            holdings, etag, _ = self._read(0.0)
            if not etag or self._write(change(holdings), etag):
                return
            self._bucket.pause()
        raise self._bucket.contended(self._KEY)

    def _read(self, now: float) -> tuple[Holdings, str, float]:
        """The document, its ETag, and the seconds by which S3's clock is ahead of the caller's."""
        stored = self._bucket.get(self._KEY)
        holdings = from_text(stored.data.decode("utf-8", "replace"), f"{self._bucket.url}/{self._KEY}")
        return holdings, stored.etag, 0.0 if stored.now is None else stored.now - now

    def _write(self, holdings: Holdings, etag: str) -> bool:
        if not etag:
            return self._bucket.put_new(self._KEY, to_text(holdings).encode())
        return self._bucket.replace(self._KEY, to_text(holdings).encode(), etag)


class S3Store:
    """A store below a prefix of a bucket."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def create(self, run_id: str) -> S3Journal:
        folder = self._folder(run_id)
        if self._bucket.names(f"{folder}/"):
            raise run_exists(run_id, self._bucket.url)
        return S3Journal(self._bucket, folder, 0)

    def open(self, run_id: str) -> S3Journal:
        folder = self._folder(run_id)
        if not self._bucket.names(f"{folder}/"):
            raise no_such_run(run_id, self._bucket.url, self.runs())
        return S3Journal(self._bucket, folder)

    def runs(self) -> tuple[str, ...]:
        return self._bucket.names("runs/", folders=True)

    def lock(self) -> S3Lock:
        return S3Lock(self._bucket)

    def _folder(self, run_id: str) -> str:
        return f"runs/{checked(run_id)}"
