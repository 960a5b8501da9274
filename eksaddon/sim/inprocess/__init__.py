"""The simulator inside one process, on virtual time.

In: calls of botocore and of the Kubernetes client.
Out: responses without sockets or threads.
Never: be imported except by wiring and tests.
Start with: botocore_hook.py.
"""
