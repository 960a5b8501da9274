"""Read every target.

In: targets and the ports.
Out: one observation for each, in order.
Never: compare with what is desired, or leave a target out.
Start with: snapshot.py.
"""
