"""Checks the permissions that eksdns needs.

In: a fleet and a session.
Out: one checkup for each cluster: missing permissions, their effect, and the fix.
Never: change anything: every check is a read, or a dry run.
Start with: doctor.py; least_access.py has the minimum permissions.
"""
