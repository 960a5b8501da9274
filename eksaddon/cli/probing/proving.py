"""Show the plan of a proof, ask, run it, and print what it showed."""

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.app.probing.pictures import proof_picture
from eksaddon.app.probing.proof_report import document, lines, plan_lines
from eksaddon.app.probing.prove import ProofPlan, plan_proof, prove
from eksaddon.app.probing.scaling import restore_left
from eksaddon.cli import messages
from eksaddon.cli.confirmation import confirm, confirm_name
from eksaddon.cli.operator import next_run_id
from eksaddon.cli.probing.cluster_probe import chosen, with_image
from eksaddon.cli.probing.reports import Outputs, Results, text_of
from eksaddon.cli.terminal import terminal as this_terminal
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Approval:
    """What the command line says in advance.

    Attributes:
        yes: Do not ask before a restart.
        is_test_cluster: Without it nothing is scaled.
        name: Of the cluster, in place of typing it before a scaling.
    """

    yes: bool = False
    is_test_cluster: bool = False
    name: str = ""


def proving(
    targets: TargetRequest,
    gate: ProbeGate,
    where: Outputs,
    approval: Approval,
    *,
    scale_to: int | None = None,
) -> int:
    """Args: scale_to: Replicas to scale to for a while; None to restart instead."""
    gate = with_image(gate)
    if scale_to is not None and not approval.is_test_cluster:
        raise EksdnsError(
            "--scale-to interrupts or weakens DNS in the whole cluster",
            hint="if it is a test cluster, add --test-cluster",
            exit_code=ExitCode.USAGE,
        )
    run_id = next_run_id()
    with chosen(targets) as (session, target):
        if restored := restore_left(session, target):
            messages.message(restored)
        plan = plan_proof(session, target, gate, scale_to)
        messages.rendered_message(text_of(plan_lines(plan)))
        if not _is_approved(plan, approval):
            messages.message(f"canceled, nothing was {'restarted' if scale_to is None else 'scaled'}")
            return 1
        proof = prove(session, plan, run_id=run_id, note=messages.message)
    where.put(Results(tuple(lines(proof)), document(proof), lambda: proof_picture(proof)))
    return proof.exit_code


def _is_approved(plan: ProofPlan, approval: Approval) -> bool:
    if plan.scaling is None:
        return approval.yes or confirm("Restart CoreDNS?", this_terminal())
    name, to = plan.target.ref.name, plan.scaling.record.to
    if approval.name and approval.name != name:
        raise EksdnsError(
            f"--confirm-name is {approval.name}, and the cluster is {name}; nothing was scaled",
            exit_code=ExitCode.REFUSED,
        )
    return bool(approval.name) or confirm_name(
        f"Scale CoreDNS to {to} replicas?", name, this_terminal(), f"--confirm-name {name}"
    )


def restoring(targets: TargetRequest) -> int:
    """Only restore replicas that an interrupted proof has left."""
    with chosen(targets) as (session, target):
        messages.message(restore_left(session, target) or "no proof has left CoreDNS scaled down")
    return 0
