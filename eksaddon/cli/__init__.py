"""The command line: Typer and nothing else.

In: arguments and the environment.
Out: data on stdout, everything else on stderr, and an exit code.
Never: decide, call AWS, or import at the top what makes `--help` slow.
Start with: root.py (all verbs), options.py and option_groups.py (every option once), gate.py (errors),
commands/apply.py (a typical verb).
"""
