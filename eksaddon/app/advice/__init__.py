"""Use cases that only advise; nothing here writes to a cluster.

In: requests, and the ports of a session.
Out: verdicts, recommended values, and texts for other tools.
Never: print, or call an edge directly.
Start with: audit.py.
"""
