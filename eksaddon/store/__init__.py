"""Stores for runs: a local folder, or S3.

In: records and locks.
Out: a Journal and a Lock that survive a crash of the process.
Never: interpret a record, or overwrite one.
Start with: opening.py; local.py and s3.py pass the same contract tests.
"""
