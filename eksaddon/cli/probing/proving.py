"""Show the plan of a proof, ask, run it, and print what it showed."""

import json
from collections.abc import Iterable
from pathlib import Path

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.app.probing.proof_report import document, lines, plan_lines
from eksaddon.app.probing.prove import Proof, plan_proof, prove
from eksaddon.cli import messages
from eksaddon.cli.confirmation import confirm
from eksaddon.cli.operator import next_run_id
from eksaddon.cli.probing.cluster_probe import chosen, require_image
from eksaddon.cli.terminal import terminal as this_terminal
from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.domain.probing.proof import by_second
from eksaddon.report.escape import terminal
from eksaddon.report.proving.svg import proof_svg
from eksaddon.report.write import check, write


def proving(targets: TargetRequest, gate: ProbeGate, svg: Path | None, *, yes: bool, as_json: bool) -> int:
    """Args: yes: Do not ask."""
    require_image(gate)
    if svg is not None:
        check(svg)
    run_id = next_run_id()
    with chosen(targets) as (session, target):
        plan = plan_proof(session, target, gate)
        messages.rendered_message(_text(plan_lines(plan)))
        if not yes and not confirm("Restart CoreDNS?", this_terminal()):
            messages.message("canceled, nothing was restarted")
            return 1
        proof = prove(session, plan, run_id=run_id, note=messages.message)
    if svg is not None:
        _draw(proof, svg)
    if as_json:
        messages.rendered(json.dumps(document(proof), indent=2) + "\n")
    else:
        messages.rendered(_text(lines(proof)))
    return proof.exit_code


def _text(found: Iterable[str]) -> str:
    return "".join(f"{terminal(line)}\n" for line in found)


def _draw(proof: Proof, path: Path) -> None:
    head, *rest = lines(proof)
    summary = next((line.strip() for line in rest if "lookups to kube-dns lost" in line), head)
    picture = proof_svg(
        f"Restart of CoreDNS in {proof.plan.target.label}: {head}",
        summary,
        by_second(proof.reading.traces),
        proof.deletions,
        proof.restarted,
    )
    write(picture, path)
