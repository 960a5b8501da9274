"""The words of eksdns as frozen values.

In: nothing: standard library only.
Out: the types that all other packages share.
Never: import another package, do input or output, or know a file format.
Start with: target.py, observed.py, desired.py, plan.py, then run/.
"""
