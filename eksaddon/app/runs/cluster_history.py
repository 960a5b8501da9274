"""Shows the updates of an add-on as recorded by EKS."""

from eksaddon.app.fleet.fleet import find_targets, load_scope
from eksaddon.app.fleet.request import TargetRequest
from eksaddon.app.runs.history import Line
from eksaddon.app.session import AccessBook, Session
from eksaddon.app.wiring import open_session
from eksaddon.domain.cause import Trouble
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.update import UpdateRecord

_THREADS = 16


def cluster_history(cluster: str, region: str | None) -> tuple[Line, ...]:
    """Updates of a cluster's add-on, oldest first; EKS does not record their sender.

    Raises:
        EksdnsError: Not exactly one cluster, or EKS cannot be read.
    """
    request = TargetRequest(clusters=(cluster,), regions=(region,) if region else ())
    book = AccessBook()
    session = open_session(book, threads=_THREADS)
    try:
        found = find_targets(load_scope(request), session, book)
        refs = [target.ref for target in found.targets]
        if len(refs) != 1:
            raise EksdnsError(
                f"{cluster} matches {len(refs)} clusters" if refs else f"{cluster} is unreachable",
                hint="use ACCOUNT/REGION/NAME",
            )
        return tuple(sorted(_updates(refs[0], session), key=lambda line: line.at))
    finally:
        session.close()


def _updates(ref: ClusterRef, session: Session) -> list[Line]:
    ids = session.addons.updates(ref)
    if isinstance(ids, Trouble):
        raise EksdnsError(f"{ref}: {ids}", hint=ids.hint)
    updates = session.executor.each(
        ids, lambda one: session.addons.describe_update(ref, one), lane=lambda _: ref.scope
    )
    return [_line(update_id, record) for update_id, record in updates]


def _line(update_id: str, record: UpdateRecord | Trouble) -> Line:
    if isinstance(record, Trouble):
        return Line(0.0, update_id, "unknown", str(record))
    sent = ", ".join(name for name, _ in record.params)
    errors = "; ".join(map(str, record.errors))
    return Line(record.created_at, update_id, record.status, f"{sent}: {errors}" if errors else sent)
