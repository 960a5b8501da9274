"""Makes plans; pure.

In: desired state, observed state, the schema of the installed version.
Out: one ClusterPlan for each target with action, reason, changes, diagnostics and fingerprint; waves and a
digest.
Never: call other systems, or read a clock.
Start with: planner.py; fleet.py for many targets, corefile_change.py and workload_changes.py for the two
planes.
"""
