"""Where runs are recorded: a folder, or S3.

In: records and locks.
Out: a Journal and a Lock that survive a crash.
Never: interpret a record, or overwrite one.
Start with: opening.py; local.py and s3.py pass the same contract tests.
"""
