"""Prepares the decoders of Kubernetes API responses before threads use them.

msgspec 0.22.0 crashes with a segmentation fault if two threads decode a type for the first time concurrently,
because its cache of type information is not locked. So one thread decodes each type once while others wait.
"""

import threading
from contextlib import suppress

import msgspec
from lightkube.core.decoders import decode_list, decode_object, decode_status
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.authorization_v1 import SelfSubjectAccessReview
from lightkube.resources.autoscaling_v2 import HorizontalPodAutoscaler
from lightkube.resources.batch_v1 import Job
from lightkube.resources.core_v1 import ConfigMap, Event, Pod, Service
from lightkube.resources.policy_v1 import PodDisruptionBudget

_SINGLE = (Deployment, ConfigMap, SelfSubjectAccessReview, Service, Job)
_LISTED = (PodDisruptionBudget, HorizontalPodAutoscaler, Pod, Event, Job)

_lock = threading.Lock()
_is_done = threading.Event()


def prepare() -> None:
    """Return when all types can be decoded by any thread; later calls cost nothing."""
    if _is_done.is_set():
        return
    with _lock:
        if not _is_done.is_set():
            _decode_each()
            _is_done.set()


def _decode_each() -> None:
    decode_status(b"{}")
    for one in _SINGLE:
        with suppress(msgspec.ValidationError):  # the type information is cached nevertheless
            decode_object(b"{}", one)
    for kind in _LISTED:
        with suppress(msgspec.ValidationError):
            decode_list(b'{"items": []}', kind)
