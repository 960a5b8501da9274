"""Bodies of a server block and what CoreDNS says to them.

Every case was put to the setup code of the named release (source: github.com/coredns/coredns, the packages of
each tag, run without starting a server). `⏎` stands for a line end.
"""

V1_8_0 = (1, 8, 0)
V1_9_3 = (1, 9, 3)
V1_11_4 = (1, 11, 4)
V1_12_4 = (1, 12, 4)
V1_14_7 = (1, 14, 7)

LATEST_ACCEPTS = """
root /tmp
metadata
metadata example.org
cancel
cancel 2s
cancel {⏎5s⏎}
proxyproto
proxyproto {⏎allow 10.0.0.0/8 ::/0⏎default use⏎udp_session_tracking 30s 100⏎}
quic {⏎max_streams 5⏎worker_pool_size 9⏎}
quic⏎quic {⏎nonsense⏎}
grpc_server {⏎max_streams 0⏎max_connections 7⏎}
https {⏎max_connections 7⏎}
https3 {⏎max_streams 3⏎max_connections 7⏎}
timeouts {⏎read 5⏎write 1m⏎idle 24h⏎maxtcpqueries -1⏎}
multisocket
multisocket 4
reload
reload 2s
reload 30s 0s
reload 10s 5s
reload⏎reload nonsense
nsid
nsid some host name
bufsize
bufsize 512
bind 127.0.0.1
bind 127.0.0.1 {⏎except 127.0.0.2⏎}
debug
debug⏎debug
ready
ready :8181
ready [::1]:8181 {⏎monitor continuously⏎}
health
health :8080
health localhost:8080 {⏎lameduck 5s⏎}
health {⏎lameduck 0⏎}
health {⏎lameduck -5s⏎lameduck 1h1h⏎}
health⏎health {⏎lameduck 3s⏎}
health { lameduck 5s⏎}
health {⏎lameduck 5s⏎} errors
pprof
pprof :6060 {⏎block⏎}
pprof {⏎block 5⏎}
shed
shed { }
prometheus :9153 {⏎runtime_metrics⏎tls /some/file⏎}
errors
errors stdout
errors {⏎stacktrace⏎consolidate 5m ".* timeout$" warning show_first⏎}
errors {⏎consolidate 5m x show_first⏎}
log
log example.org
log . {combined}
log a b "{remote}" {⏎class denial error⏎}
log⏎log example.org {⏎class all⏎}
dnstap /tmp/d.sock full 4 5
dnstap tcp://127.0.0.1:6000 {⏎identity x⏎version y⏎extra z⏎skipverify⏎}
dnstap listen tls://127.0.0.1:6000 {⏎tls cert key⏎}
local
local {⏎localhost_prefix off⏎}
dns64
dns64 64:ff9b::/96
dns64 {⏎translate_all⏎allow_ipv4⏎prefix 64:ff9b::/64⏎}
any
any⏎any whatever
chaos
chaos v1 a b
loadbalance
loadbalance round_robin
loadbalance weighted /tmp/w {⏎reload 60s⏎}
loadbalance round_robin {⏎prefer 10.0.0.0/8⏎}
tsig {⏎secret a. aaaa⏎secret b. bbbb⏎require all⏎require_opcode QUERY⏎}
tsig {⏎require A AAAA⏎require none⏎}
tsig {⏎require all }
secondary {⏎transfer from 10.0.0.1⏎} x
rewrite name a b
rewrite continue name exact a b
rewrite stop name regex (.*).a {1}.b answer name (.*).b {1}.a
rewrite name suffix .a .b answer auto
rewrite name prefix a b answer value x y name c d
rewrite name substring a b
rewrite class CH IN
rewrite type ANY hinfo
rewrite edns0 local set 0xffee abcd
rewrite edns0 local set 65535 0xabcd revert
rewrite edns0 local append 0o17 {qname}
rewrite edns0 local replace 0b11 {a/b}
rewrite edns0 nsid set
rewrite edns0 subnet set 24 56
rewrite edns0 local unset 0xffee
rewrite edns0 nsid unset
rewrite edns0 subnet unset
rewrite ttl example.org 30
rewrite ttl regex (.*) 5-60
rewrite ttl suffix a. -60
rewrite ttl a. 5-
rewrite cname a. b.
rewrite cname regex (.*)a {1}b
rewrite rcode a. SERVFAIL NOERROR
rewrite rcode suffix a. 2 0
rewrite {⏎name a b⏎}
rewrite name {⏎a b⏎}
rewrite name a b⏎rewrite name c d
autopath @kubernetes
autopath example.org @kubernetes
acl {⏎allow net 10.0.0.0/8⏎block type A net *⏎filter⏎drop net 1.2.3.4 ::1⏎}
acl example.org {⏎ALLOW TYPE * x NET 10.0.0.0/8⏎}
cache
cache 30
cache 30s
cache 30 example.org
cache {⏎success 100 30 5⏎denial 100⏎prefetch 5 1m 50%⏎serve_stale⏎keepttl⏎}
cache {⏎serve_stale 1h verify 1s 30s 5s⏎servfail 5m⏎disable success a b⏎}
cache {⏎serve_stale 1h immediate 30s 5s⏎serve_stale_policy PREFER_POSITIVE⏎disable denial⏎}
header {⏎response set aa ra⏎QUERY clear rd⏎}
header {⏎response set aa⏎}⏎header {⏎nonsense⏎}
header foo {⏎query set rd⏎}
minimal
minimal⏎minimal
template IN A
template IN ANY example.org {⏎match ^x[.] (.*)⏎answer "{{ .Name }} 60 IN A 1.2.3.4"⏎fallthrough⏎}
template IN A {⏎rcode NXDOMAIN⏎additional "a {{/* c */}}"⏎authority "{{`}}`}}"⏎ederror 21 "Blocked"⏎}
template IN A { rcode NXDOMAIN }
template ANY ANY {⏎ederror 0⏎upstream⏎}
transfer {⏎to *⏎}
transfer a b {⏎to 10.0.0.1 10.0.0.2:53⏎source 10.0.0.9⏎}
hosts
hosts /tmp/hosts example.org {⏎ttl 30⏎no_reverse⏎reload 0⏎fallthrough⏎fallthrough_unsupported⏎}
hosts {⏎10.0.0.1 a b⏎nonsense⏎fe80::1%eth0 c⏎fallthrough⏎}
hosts { 10.0.0.1 a }
k8s_external example.org {⏎ttl 30⏎apex x⏎headless⏎fallthrough⏎}
kubernetes cluster.local in-addr.arpa ip6.arpa {⏎pods insecure⏎fallthrough⏎}
kubernetes cluster.local {⏎namespaces a b⏎ttl 0⏎noendpoints⏎endpoint_pod_names⏎ignore empty_service⏎}
kubernetes cluster.local {⏎labels a in (x, y),!b,c=d⏎namespace_labels e⏎kubeconfig /tmp/k ctx⏎}
kubernetes cluster.local {⏎endpoint http://x⏎tls a b c⏎startup_timeout 5s⏎zonal⏎multicluster cluster.local⏎}
kubernetes cluster.local {⏎apiserver_qps 1.5⏎apiserver_burst 5⏎apiserver_max_inflight 0⏎ignore⏎}
kubernetes cluster.local { fallthrough }
kubernetes {⏎pods verified⏎}
file /tmp/db example.org {⏎reload 30s⏎reload_by_mtime⏎fallthrough⏎upstream⏎}
file { }
auto example.org {⏎directory /tmp (.*) {1}⏎reload 30s⏎upstream⏎}
auto {⏎directory /tmp⏎}
secondary example.org {⏎transfer from 10.0.0.1⏎catalog a⏎fallthrough⏎}
loop
forward . 10.0.0.1
forward . 10.0.0.1:53 [::1]:53 fe80::1%eth0 tls://1.1.1.1 tls://1.1.1.1%dns.example https://1.1.1.1
forward . 10.0.0.1 {⏎except a b⏎max_fails 3⏎health_check 5s no_rec domain a.⏎force_tcp⏎prefer_udp⏎}
forward . 10.0.0.1 {⏎tls⏎tls_servername x⏎expire 10s⏎max_age 1m⏎max_idle_conns 3⏎read_timeout 5s⏎}
forward . 10.0.0.1 {⏎doh_method GET⏎policy random⏎max_concurrent 1000⏎next NXDOMAIN⏎next_on_nodata⏎}
forward . 10.0.0.1 {⏎failfast_all_unhealthy_upstreams⏎failover ServFail⏎resolver 10.0.0.1:53⏎}
forward . 10.0.0.1 {⏎source_address 10.0.0.2⏎}
forward . 10.0.0.1 { policy sequential }
forward . 10.0.0.1⏎forward example.org 10.0.0.2
grpc . 10.0.0.1:443 {⏎except a⏎tls_servername x⏎policy round_robin⏎fallthrough⏎}
grpc . unix:///tmp/grpc.sock
erratic {⏎drop 5⏎delay 3 10ms⏎truncate⏎large⏎}
whoami
view v {⏎expr "name() == 'a b' and type() == 'A'"⏎}
view v
"""

BY_VERSION = """
1.8.0 ok: any {⏎x⏎}
1.12.4 ok: cache {⏎serve_stale 1h immediate⏎}
1.8.0 ok: loadbalance a b {⏎}
1.8.0 argument-value: loadbalance x
1.8.0 ok: rewrite name regex a b answer name c d
1.8.0 argument-value: rewrite name regex a b answer name c
1.8.0 ok: cache {⏎serve_stale 1h⏎}
1.8.0 argument-count: cache {⏎serve_stale 1h verify⏎}
1.8.0 argument-value: bind lo
1.8.0 unread-block: ready {⏎monitor continuously⏎}
1.8.0 argument-count: errors {⏎consolidate 5m x warning⏎}
1.8.0 repeated-directive: forward . 10.0.0.1⏎forward a.org 10.0.0.2
1.8.0 argument-value: forward . dns.example
1.8.0 ok: forward . 10.0.0.1 .
1.8.0 argument-value: forward . quic://10.0.0.1
1.8.0 argument-value: forward . 10.0.0.1 {⏎health_check 5s domain x⏎}
1.8.0 argument-value: rewrite cname a b
1.8.0 argument-value: rewrite rcode a 1 2
1.8.0 argument-value: rewrite ttl a 5-60
1.8.0 property-too-new: acl {⏎filter net *⏎}
1.8.0 argument-count: kubernetes cluster.local {⏎kubeconfig /tmp/k⏎}
1.8.0 directive-too-new: minimal
1.9.3 ok: cache {⏎serve_stale 1h verify⏎}
1.9.3 ok: forward . 10.0.0.1 {⏎health_check 5s domain x⏎}
1.9.3 property-too-new: header {⏎response set aa⏎}
1.9.3 property-too-new: cache {⏎servfail 5s⏎}
1.11.4 unread-block: ready {⏎x⏎}
1.11.4 argument-value: trace footype localhost:4321
1.14.7 argument-value: trace footype localhost:4321
1.11.4 ok: trace Zipkin localhost:4321
1.14.7 ok: trace footype
1.14.7 argument-value: trace {⏎client_server junk⏎}
1.11.4 argument-value: trace {⏎client_server junk⏎}
1.14.7 ok: trace {⏎client_server T⏎}
1.11.4 ok: loadbalance {⏎x⏎}
1.11.4 ok: loadbalance weighted /tmp/w {⏎reload 60s⏎}
1.11.4 unknown-property: loadbalance weighted /tmp/w {⏎x⏎}
1.11.4 argument-value: loadbalance weighted /tmp/w {⏎reload x⏎}
1.11.4 ok: forward . 10.0.0.1⏎forward a.org 10.0.0.2
1.11.4 ok: dnstap /tmp/x {⏎nonsense⏎}
1.11.4 ok: rewrite ttl a 5-60
1.11.4 argument-value: reload 10s 0s
1.11.4 argument-value: forward . https://1.1.1.1
1.11.4 ok: rewrite name regex a b answer value x y name c d
1.11.4 argument-value: rewrite edns0 local unset 0xffee
1.11.4 argument-value: forward . https3://1.1.1.1
1.12.4 ok: ready {⏎x⏎}
1.12.4 argument-value: errors {⏎consolidate 5m x show_first⏎}
1.12.4 argument-count: errors {⏎consolidate 5m x warning show_first⏎}
1.12.4 ok: secondary {⏎transfer from 10.0.0.1⏎}
1.12.4 missing-property: secondary
1.12.4 unknown-property: health {⏎foo⏎}
1.11.4 ok: dns64 64:ff9b::/96 {⏎prefix⏎}
1.14.7 ok: dns64 64:ff9b::/96 {⏎prefix⏎}
1.11.4 ok: grpc a.org . 1.1.1.1:443
1.14.7 argument-value: grpc a.org .
1.11.4 argument-value: forward . .
1.14.7 argument-value: forward . .
1.11.4 ok: loadbalance {⏎reload 5s⏎}
1.14.7 argument-value: loadbalance {⏎reload 5s⏎}
1.14.7 argument-value: loadbalance round_robin {⏎reload 5s⏎}
1.14.7 ok: loadbalance {⏎prefer 10.0.0.0/8⏎}
1.11.4 argument-value: bind 10.0.0.300
1.14.7 argument-value: bind 10.0.0.300
1.14.7 argument-value: forward . 8.8.8.300
1.11.4 one-line-block: forward a.org 1.1.1.1 {⏎except b.org } errors
1.14.7 ok: forward a.org 1.1.1.1 {⏎except b.org } errors
1.11.4 ok: forward a.org 1.1.1.1 {⏎except b.org }
"""
