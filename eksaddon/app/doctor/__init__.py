"""Check the access that eksdns needs.

In: a fleet and a session.
Out: one checkup for each cluster: missing permissions, their effect, how to fix them.
Never: change anything: every check is a read, or a dry run.
Start with: doctor.py; least_access.py holds the least permissions.
"""
