"""What a simulated cluster knows beside its add-on.

In: patches and time.
Out: who owns which field of the Deployment.
Never: answer requests.
Start with: state.py.
"""
