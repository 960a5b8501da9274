"""Adopts a self-managed CoreDNS as the managed add-on, and undoes it.

In: a fleet, a session, and the options.
Out: an adoption that is planned, executed or undone, and a file with the previous live objects.
Never: write to a cluster before that file is on disk.
Start with: adopt.py; the decisions are in plan/adoption, the calls in apply/adopt.py.
"""
