"""Verbs that need neither AWS nor a cluster: completion, help pages and bug reports.

In: parsed options.
Out: text on stdout, and an exit code.
Never: call AWS.
Start with: bug_report.py.
"""
