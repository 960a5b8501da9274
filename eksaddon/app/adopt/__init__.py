"""Make a self-managed CoreDNS the managed add-on, and undo that.

In: a fleet, a session, and what the user wishes.
Out: an adoption that is planned, carried out or undone, and a file with what was live before.
Never: write to a cluster before that file is on disk.
Start with: adopt.py; the decisions are in plan/adoption, the calls in apply/adopt.py.
"""
