"""Desired values inside a Corefile, as plain values.

In: nothing.
Out: settings by path, named server blocks, a whole text.
Never: parse a Corefile; that is the package `corefile`.
Start with: desired.py.
"""
