"""Reports for those who maintain eksdns.

In: files of the user, recorded runs and this machine.
Out: a text without secrets.
Never: call AWS, or show a text only because it does not look like a secret.
Start with: bug_report.py.
"""
