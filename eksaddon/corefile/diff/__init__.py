"""What differs between two Corefiles, by meaning.

In: two texts.
Out: differences by server block and directive, or the reason why there is nothing to compare.
Never: report a difference in layout or comments.
Start with: difference.py.
"""
