"""Corefile text to a tree, as CoreDNS' own lexer and parser do it.

In: text.
Out: tokens with spans, server blocks, and the fault where CoreDNS would stop.
Never: lose a character: the tokens joined give the source back.
Start with: parser.py; tokens.py and tree.py for the values.
"""
