"""Checks of `eksdns audit` on the state of one cluster, with their levels and sources.

In: AuditFacts (facts.py), built by plan/audit.py.
Out: a Verdict with reasons, worst first.
Never: read anything, or depend on another check.
Start with: table.py lists every check with its source; judge.py runs them and gives the grade.
"""
