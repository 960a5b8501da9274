"""Types of the Kubernetes API first decoded by many threads; in a process of its own, as it might die."""

import subprocess
import sys

import pytest

PROGRAM = """
import threading
from lightkube.core.decoders import decode_list, decode_object
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.core_v1 import ConfigMap, Pod
from eksaddon.kube.prepared import prepare

body = b'{"metadata": {}, "spec": {"selector": {}, "template": {"spec": {"containers": []}}}}'
gate = threading.Barrier(8)

def decode():
    gate.wait()
    prepare()
    decode_object(body, Deployment)
    decode_object(b"{}", ConfigMap)
    decode_list(b'{"items": []}', Pod)

threads = [threading.Thread(target=decode) for _ in range(8)]
[one.start() for one in threads]
[one.join() for one in threads]
print("alive")
"""


@pytest.mark.slow
def test_many_threads_may_be_the_first_to_read_a_cluster() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "alive\n"), ended.stderr[-500:]
