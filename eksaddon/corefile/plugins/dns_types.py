"""The names of types, classes, response codes and opcodes that CoreDNS reads.

Source: the tables of github.com/miekg/dns 1.1.72, which CoreDNS 1.14 uses. Older releases know fewer types; a
type that was added since is not reported for them.
"""

TYPES = (
    "A", "AAAA", "AFSDB", "AMTRELAY", "ANY", "APL", "ATMA", "AVC", "AXFR", "CAA", "CDNSKEY", "CDS",
    "CERT", "CNAME", "CSYNC", "DHCID", "DLV", "DNAME", "DNSKEY", "DS", "EID", "EUI48", "EUI64",
    "GID", "GPOS", "HINFO", "HIP", "HTTPS", "IPSECKEY", "ISDN", "IXFR", "KEY", "KX", "L32", "L64",
    "LOC", "LP", "MAILA", "MAILB", "MB", "MD", "MF", "MG", "MINFO", "MR", "MX", "NAPTR", "NID",
    "NIMLOC", "NINFO", "NS", "NSAP-PTR", "NSEC", "NSEC3", "NSEC3PARAM", "NULL", "NXNAME", "NXT",
    "None", "OPENPGPKEY", "OPT", "PTR", "PX", "RESINFO", "RKEY", "RP", "RRSIG", "RT", "Reserved",
    "SIG", "SMIMEA", "SOA", "SPF", "SRV", "SSHFP", "SVCB", "TA", "TALINK", "TKEY", "TLSA", "TSIG",
    "TXT", "UID", "UINFO", "UNSPEC", "URI", "X25", "ZONEMD",
)  # fmt: skip

CLASSES = ("IN", "CS", "CH", "HS", "NONE", "ANY")

RCODES = (
    "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "NOTIMPL", "REFUSED", "YXDOMAIN",
    "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE", "DSOTYPENI", "BADSIG", "BADKEY", "BADTIME",
    "BADMODE", "BADNAME", "BADALG", "BADTRUNC", "BADCOOKIE",
)  # fmt: skip

OPCODES = ("QUERY", "IQUERY", "STATUS", "NOTIFY", "UPDATE")
