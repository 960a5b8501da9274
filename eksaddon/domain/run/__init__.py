"""The model of a run.

In: a plan, and records in chronological order.
Out: RunProgress: the state of every target and wave, replayed from the records alone.
Never: read a clock or a journal: every record contains its time.
Start with: records.py, then progress.py; outcome.py for the outcomes of targets.
"""
