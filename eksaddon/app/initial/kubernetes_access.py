"""Writes what gives eksdns access to the Kubernetes API: access entries as commands, and the Roles."""

from collections.abc import Sequence

READ, WRITE = "eksdns-read", "eksdns-apply"
"""Roles in each account; also the groups of their access entries."""

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
        role: `configs/access/kubernetes.yaml`: a Role that can patch, and its binding.
        file: Name of the file, for the comment.
    """
    lines = [line for line in role.splitlines() if not line.startswith("#")]
    head = _HEAD.format(read=READ, write=WRITE, partition=partition, file=file)
    documents = (_named(lines, READ, verbs="[get]"), _named(lines, WRITE, verbs="[get, patch]"))
    return head + "---\n".join(f"{text}\n" for text in documents)


def _named(lines: Sequence[str], name: str, *, verbs: str) -> str:
    renamed = (line.replace("name: eksdns", f"name: {name}") for line in lines)
    return "\n".join(line.replace("[get, patch]", verbs) for line in renamed)
