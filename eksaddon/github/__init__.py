"""The GitHub edge: REST, and the files of a job.

In: calls of the use cases in app/github.
Out: values, or errors with a hint.
Never: decide what is written.
Start with: actions.py (a job's files), rest.py (the API).
"""
