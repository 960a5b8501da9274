"""What helps when something does not work: traces of requests, and reports of bugs.

In: requests of any edge, files of the user, and this machine.
Out: lines and texts without secrets.
Never: send anything, or fail the command that is being traced.
Start with: tracing.py.
"""
