"""Findings about a Corefile.

In: a parsed Corefile and the CoreDNS version it is for.
Out: findings with rule, severity, span and, where it is safe, a fix.
Never: report what CoreDNS would not, except by rules with a source.
Start with: linter.py, then findings.py for the rules.
"""
