"""Verbs for Corefiles as files: no cluster is asked.

In: paths or standard input, and the CoreDNS version that reads them.
Out: findings, edits and comparisons, with exit codes for use in CI.
Never: parse a Corefile, which `eksaddon.corefile` does.
Start with: files.py.
"""
