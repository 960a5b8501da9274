"""What credentials may do, and who trusts whom.

In: nothing.
Out: the trust between a repository and a role, and what a checkup of permissions found, as values.
Never: ask AWS or GitHub.
Start with: checkup.py.
"""
