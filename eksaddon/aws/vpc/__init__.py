"""Reads of Amazon EC2 for an audit: attributes of a VPC, network interfaces, security groups, network ACLs.

In: ids, and addresses of pods.
Out: values of `domain/audit`, or a Trouble.
Never: write.
Start with: reader.py.
"""
