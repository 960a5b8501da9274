"""Compares two Corefiles by meaning.

In: two texts.
Out: differences by server block and directive, or why the Corefiles cannot be compared.
Never: report a difference in layout or comments.
Start with: difference.py.
"""
