"""The command line interface, with Typer.

In: arguments and the environment.
Out: data on stdout, everything else on stderr, and an exit code.
Never: decide, call AWS, or import at module level what makes `--help` slow.
Start with: help/verbs.py (all verbs), options.py and option_groups.py (definitions of options), gate.py
(errors), commands/apply.py (a typical verb).
"""
