"""The domain model of eksdns: frozen dataclasses and enums.

In: nothing but the standard library.
Out: the types that all other packages share.
Never: import another package, do input or output, or know a file format.
Start with: target.py, observed.py, desired.py, plan.py, then run/.
"""
