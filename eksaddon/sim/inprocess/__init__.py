"""The simulator inside one process, on virtual time.

In: calls of botocore and of the Kubernetes client.
Out: answers without socket or thread.
Never: be imported by anything but wiring and tests.
Start with: botocore_hook.py.
"""
