"""A restart of CoreDNS as a picture.

In: answers and losses by second, and when pods were deleted and ended.
Out: SVG.
Never: judge.
Start with: svg.py.
"""
