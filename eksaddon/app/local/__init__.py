"""What a command stores on and reads from this machine besides runs: traces of requests, and names.

In: requests of any edge, names of a read, the environment.
Out: lines without secrets, and names for shells.
Never: send anything, or fail the command.
Start with: tracing.py, names.py.
"""
