"""From a request to a plan.

In: TargetRequest and DesiredRequest (request.py).
Out: a Fleet (fleet.py), what was observed, and a Plan (plan.py).
Never: write to AWS or to a cluster.
Start with: plan.py; then fleet.py.
"""
