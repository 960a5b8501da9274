"""Journals and the lock in a local folder."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject
from eksaddon.ports import Held, HeldByOther, Holder
from eksaddon.store.file_lock import lock
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
from eksaddon.store.private import (
    is_plain,
    make_private_folder,
    open_plain,
    read_plain,
    require_own_folder,
    sync_folder,
)

_SUFFIX = ".jsonl"
_WRITE_HINT = "free disk space or grant access, then resume the run"
_START_HINT = "free disk space or grant access, then run the command again; the run did not start"


class LocalJournal:
    """A journal file; it is locked for appending until closed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self._size = 0
        self._is_broken = False

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def append(self, records: Sequence[JsonObject]) -> None:
        data = to_lines(records)
        if self._is_broken:
            raise EksdnsError(f"{self._path} could not be repaired after a failed write", hint=_WRITE_HINT)
        try:
            file = self._open_locked()
            written = 0
            while written < len(data):
                written += os.write(file, data[written:])
            os.fsync(file)
        except OSError as error:
            self._truncate_partial()
            is_new = self._file is not None and self._size == 0
            if is_new:  # a run that did not start leaves no journal
                with suppress(OSError):
                    self._path.unlink()
            raise EksdnsError(
                f"cannot write {self._path}: {error.strerror or error}",
                hint=_START_HINT if is_new else _WRITE_HINT,
            ) from error
        self._size += len(data)

    def read(self) -> tuple[JsonObject, ...]:
        try:
            return from_lines(read_plain(self._path), str(self._path)).records
        except OSError as error:
            raise _unusable(self._path, error) from error

    def _open_locked(self) -> int:
        if self._file is None:
            file = open_plain(self._path, os.O_RDWR | os.O_APPEND)
            try:
                lock(file, waits=False)
            except BlockingIOError:
                os.close(file)
                raise EksdnsError(
                    f"another process is using this run ({self._path})",
                    hint="wait for it to finish",
                    exit_code=ExitCode.REFUSED,
                ) from None
            try:
                self._size = from_lines(read_plain(self._path), str(self._path)).good
                os.ftruncate(file, self._size)
            except (OSError, EksdnsError):
                os.close(file)
                raise
            self._file = file
        return self._file

    def _truncate_partial(self) -> None:
        """Remove an incomplete record; if that fails, refuse further appends."""
        if self._file is None:
            return
        try:
            os.ftruncate(self._file, self._size)
            os.fsync(self._file)
        except OSError:
            self._is_broken = True


FileClock = Callable[[int], float]
"""Current time by the clock of an open file's file system, in seconds since the epoch."""


def file_clock(file: int) -> float:
    """Touch the file and read its time: on a network file system, that is the server's clock."""
    if os.utime in os.supports_fd:
        os.utime(file)
    else:  # Windows
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, b" ")
    return os.fstat(file).st_mtime


class LocalLock:
    """A lock document, replaced as a whole under a file lock; its times use the file system's clock."""

    def __init__(self, folder: Path, clock: FileClock) -> None:
        self._document = folder / "lock.json"
        self._lock_path = folder / "lock.guard"
        self._clock = clock

    def acquire(self, keys: frozenset[str], holder: Holder, now: float) -> Held | HeldByOther:
        with self._locked() as lock_file:
            ahead = self._clock(lock_file) - now
            result = acquired(shifted(self._read(), -ahead), keys, holder, now)
            if isinstance(result, HeldByOther):
                return result
            self._write(shifted(result, ahead))
            return Held(holder.until)

    def renew(self, holder: Holder, now: float) -> bool:
        with self._locked() as lock_file:
            ahead = self._clock(lock_file) - now
            result = renewed(shifted(self._read(), -ahead), holder, now)
            if result is not None:
                self._write(shifted(result, ahead))
            return result is not None

    def release(self, holder: Holder) -> None:
        with self._locked():
            self._write(released(self._read(), holder))

    def held_for(self, run_id: str, now: float) -> tuple[Holder, ...]:
        with self._locked() as lock_file:
            return held_for(shifted(self._read(), now - self._clock(lock_file)), run_id, now)

    def unlock(self, run_id: str) -> None:
        with self._locked():
            self._write(unlocked(self._read(), run_id))

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """Hold the file lock; yields its descriptor."""
        try:
            lock_file = open_plain(self._lock_path, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise _unusable(self._lock_path, error) from error
        try:
            lock(lock_file, waits=True)
            yield lock_file
        except OSError as error:
            raise _unusable(self._document, error) from error
        finally:
            os.close(lock_file)

    def _read(self) -> Holdings:
        try:
            return from_text(read_plain(self._document).decode("utf-8", "replace"), str(self._document))
        except FileNotFoundError:
            return ()

    def _write(self, holdings: Holdings) -> None:
        new = self._document.with_suffix(".new")
        new.unlink(missing_ok=True)  # left by a process that died here; the file lock excludes others
        file = open_plain(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        with os.fdopen(file, "w", encoding="utf-8") as out:
            out.write(to_text(holdings))
            out.flush()
            os.fsync(out.fileno())
        new.replace(self._document)
        sync_folder(self._document.parent)


class LocalStore:
    """A local folder, which is created with the first run."""

    def __init__(self, folder: Path, *, clock: FileClock = file_clock) -> None:
        self._folder = folder
        self._clock = clock
        self._runs = folder / "runs"

    def create(self, run_id: str) -> LocalJournal:
        path = self._path(run_id)
        try:
            self._require_own()
            make_private_folder(self._runs)
        except OSError as error:
            raise _unusable(self._runs, error) from error
        try:
            os.close(open_plain(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
            sync_folder(self._runs)
        except FileExistsError:
            raise run_exists(run_id, str(self._folder)) from None
        except OSError as error:
            raise _unusable(path, error) from error
        return LocalJournal(path)

    def open(self, run_id: str) -> LocalJournal:
        path = self._path(run_id)
        try:
            self._require_own()
        except OSError as error:
            raise _unusable(self._runs, error) from error
        if not is_plain(path):
            raise no_such_run(run_id, str(self._folder), self.runs())
        return LocalJournal(path)

    def runs(self) -> tuple[str, ...]:
        return tuple(sorted(path.name.removesuffix(_SUFFIX) for path in self._runs.glob(f"*{_SUFFIX}")))

    def lock(self) -> LocalLock:
        try:
            self._require_own()
            make_private_folder(self._folder)
        except OSError as error:
            raise _unusable(self._folder, error) from error
        return LocalLock(self._folder, self._clock)

    def _require_own(self) -> None:
        for folder in (self._folder, self._runs):
            require_own_folder(folder)

    def _path(self, run_id: str) -> Path:
        return self._runs / f"{checked(run_id)}{_SUFFIX}"


def _unusable(path: Path, error: OSError) -> EksdnsError:
    return EksdnsError(
        f"cannot use {path}: {error.strerror or error}",
        hint="set --state to another folder or s3://bucket/prefix",
    )
