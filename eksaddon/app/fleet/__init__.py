"""Makes plans from requests.

In: TargetRequest and DesiredRequest (request.py).
Out: a Fleet (fleet.py), observations, and a Plan (plan.py).
Never: write to AWS or to a cluster.
Start with: plan.py; then fleet.py.
"""
