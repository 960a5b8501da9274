"""Writes what gives eksdns access to the Kubernetes API: access entries as commands, and the Roles."""

import re
from collections.abc import Sequence

from eksaddon.regex import regex

READ, WRITE = "eksdns-read", "eksdns-apply"
"""Roles in each account; also the groups of their access entries."""

READING = frozenset({"get", "list", "watch"})
VERBS = regex(r"verbs: \[([^\]]*)\]")

_HEAD = """\
# Gives eksdns access to the Kubernetes API, for preStop, terminationGracePeriod and readinessProbe.
# Repeat for each cluster:
#
#   for role in {read} {write}; do
#     aws eks create-access-entry --cluster-name CLUSTER --kubernetes-groups "$role" \\
#       --principal-arn "arn:{partition}:iam::ACCOUNT:role/$role"
#   done
#   kubectl apply -f {file}
#
# The first Role only reads; it serves pull requests and the nightly report.
"""


def kubernetes_access(role: str, *, partition: str, file: str) -> str:
    """The text of a file for `kubectl apply`, with the commands that it needs as comments.

    Args:
        role: `configs/access/kubernetes.yaml`: a Role that can write, and its binding.
        file: Name of the file, for the comment.
    """
    lines = [line for line in role.splitlines() if not line.startswith("#")]
    head = _HEAD.format(read=READ, write=WRITE, partition=partition, file=file)
    documents = (_named(lines, READ, reads_only=True), _named(lines, WRITE, reads_only=False))
    return head + "---\n".join(f"{text}\n" for text in documents)


def _named(lines: Sequence[str], name: str, *, reads_only: bool) -> str:
    renamed = (line.replace("name: eksdns", f"name: {name}") for line in lines)
    return "\n".join(VERBS.sub(_reading, line) if reads_only else line for line in renamed)


def _reading(found: re.Match[str]) -> str:
    kept = [verb for verb in found[1].split(", ") if verb in READING]
    return f"verbs: [{', '.join(kept)}]"
