"""The GitHub edge: the REST API, and the files of an Actions job.

In: calls of the use cases in app/github.
Out: values, or errors with a hint.
Never: decide what to write.
Start with: actions.py (a job's files), rest.py (the API).
"""
