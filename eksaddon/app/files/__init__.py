"""Files at paths that a user chose.

In: paths and texts.
Out: whether something is there; files that are written whole, or not at all.
Never: an inaccessible path that counts as absent.
Start with: `paths.py`, then `starter.py`; `private.py` writes what can contain secrets.
"""
