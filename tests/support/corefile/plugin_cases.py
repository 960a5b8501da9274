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

LATEST_REFUSES = """
argument-count: root
unread-block: metadata {⏎x⏎}
repeated-directive: metadata⏎metadata
argument-value: cancel 5
argument-value: cancel 0s
argument-count: cancel 1s 2s
argument-count: proxyproto x
argument-value: proxyproto {⏎allow x⏎}
argument-value: proxyproto {⏎default x⏎}
argument-value: proxyproto {⏎udp_session_tracking 1s 0⏎}
unknown-property: proxyproto {⏎x⏎}
argument-value: quic {⏎max_streams 0⏎}
repeated-property: quic {⏎max_streams 1⏎max_streams 1⏎}
argument-value: grpc_server {⏎max_streams -1⏎}
missing-property: timeouts
argument-value: timeouts {⏎read 0⏎}
argument-value: timeouts {⏎read 25h⏎}
argument-value: timeouts {⏎maxtcpqueries 0⏎}
unknown-property: timeouts {⏎x 5⏎}
argument-value: multisocket 0
argument-value: multisocket 1025
repeated-directive: multisocket⏎multisocket
unread-block: multisocket {⏎}
argument-value: reload 1s
argument-value: reload 5s 500ms
argument-value: reload x
argument-count: reload 2s 2s 2s
repeated-directive: nsid⏎nsid
argument-value: bufsize 511
argument-value: bufsize 1_000
argument-count: bind
argument-value: bind x/y
argument-count: bind 127.0.0.1 {⏎except⏎}
argument-count: debug off
unread-block: debug {⏎}
argument-value: ready 8181
argument-value: ready {⏎monitor x⏎}
repeated-directive: ready⏎ready
unknown-property: ready {⏎x⏎}
argument-value: health localhost
argument-value: health [::1]
argument-value: health [::1
argument-value: health a:b:c
argument-value: health [a]b:1
argument-value: health [[a]:1
argument-value: health a]:1
argument-count: health :1 :2
argument-count: health {⏎lameduck⏎}
argument-count: health {⏎lameduck 5s#five seconds⏎}
argument-value: health {⏎lameduck 5⏎}
unknown-property: health {⏎x y z⏎}
one-line-block: health { lameduck 5s }
unread-block: shed {⏎x⏎}
argument-count: shed x
repeated-directive: shed⏎shed
argument-value: pprof {⏎block x⏎}
repeated-property: prometheus {⏎tls a⏎tls b⏎}
argument-count: prometheus {⏎runtime_metrics x⏎}
argument-value: errors stderr
after-brace: errors {⏎} x
unknown-property: errors {⏎x⏎}
argument-count: errors {⏎consolidate 5m⏎}
argument-value: errors {⏎consolidate x y⏎}
argument-value: errors {⏎consolidate 5m (⏎}
argument-value: errors {⏎consolidate 5m x fatal⏎}
argument-value: errors {⏎consolidate 5m x info debug⏎}
argument-value: errors {⏎consolidate 5m x show_first info⏎}
argument-value: log {⏎class x⏎}
argument-count: log {⏎class⏎}
one-line-block: log { class all }
argument-count: dnstap
argument-value: dnstap listen
argument-value: dnstap x full 0
argument-value: dnstap x full 1 5000
unknown-property: dnstap x {⏎y⏎}
argument-count: local x
argument-value: local {⏎localhost_prefix x⏎}
argument-value: dns64 10.0.0.0/8
argument-value: dns64 64:ff9b::/52
argument-value: dns64 x
argument-count: any x
unread-block: any {⏎x⏎}
unread-block: chaos {⏎x⏎y⏎}
argument-value: loadbalance x
argument-value: loadbalance round_robin x
argument-value: loadbalance weighted
argument-count: loadbalance weighted a b
argument-value: loadbalance {⏎prefer x⏎}
argument-count: tsig {⏎secret a⏎}
argument-value: tsig {⏎secret a. x⏎secret A x⏎}
argument-value: tsig {⏎require x⏎}
argument-value: tsig {⏎require A all⏎}
argument-value: tsig {⏎require_opcode x⏎}
argument-value: rewrite
argument-value: rewrite continue
argument-value: rewrite foo a b
argument-value: rewrite answer name a b
argument-value: rewrite name a
argument-value: rewrite name foo a b
argument-value: rewrite name regex ( b
argument-value: rewrite name regex a {1}
argument-value: rewrite name exact a *
argument-value: rewrite name regex a b c
argument-value: rewrite name regex a b c d
argument-value: rewrite name regex a b answer
argument-value: rewrite name regex a b answer foo
argument-value: rewrite name regex a b answer name c
argument-value: rewrite name regex a b answer name ( d
argument-value: rewrite name regex a b answer auto answer name c d
argument-value: rewrite name regex a b answer auto answer
argument-value: rewrite class IN
argument-value: rewrite class IN x
argument-value: rewrite type A x
argument-value: rewrite ttl a
argument-value: rewrite ttl a x
argument-value: rewrite ttl a -
argument-value: rewrite ttl a 9-5
argument-value: rewrite ttl a 4294967296
argument-value: rewrite ttl foo a 5
argument-value: rewrite ttl regex ( 5
argument-value: rewrite ttl regex a 5 x
argument-value: rewrite rcode a SERVFAIL
argument-value: rewrite rcode a SERVFAIL x
argument-value: rewrite rcode a 24 0
argument-value: rewrite cname a
argument-value: rewrite edns0 local
argument-value: rewrite edns0 local foo 1 x
argument-value: rewrite edns0 foo set 1 x
argument-value: rewrite edns0 local set 1
argument-value: rewrite edns0 local set x y
argument-value: rewrite edns0 local set 65536 y
argument-value: rewrite edns0 local set 0_ y
stray-word: root /tmp /var
unknown-directive: health{
argument-value: rewrite edns0 local set 09 y
argument-value: rewrite edns0 local set 1 0xabc
argument-value: rewrite edns0 local set 1 {x}
argument-value: rewrite edns0 subnet set 33 56
argument-count: autopath
argument-value: acl {⏎allow x⏎}
argument-value: acl {⏎allow net⏎}
argument-value: acl {⏎allow net type A⏎}
argument-value: acl {⏎allow net x⏎}
argument-value: acl {⏎allow type x⏎}
unknown-property: acl {⏎x⏎}
argument-value: cache 0
argument-value: cache -5
repeated-directive: cache⏎cache
unknown-property: cache {⏎x⏎}
argument-count: cache {⏎success⏎}
argument-value: cache {⏎success x⏎}
argument-value: cache {⏎success 1 0⏎}
argument-value: cache {⏎prefetch -1⏎}
argument-value: cache {⏎prefetch 1 1m 5%⏎}
argument-value: cache {⏎prefetch 1 1m 50⏎}
argument-value: cache {⏎serve_stale x⏎}
argument-value: cache {⏎serve_stale -1s⏎}
argument-value: cache {⏎serve_stale 1h x⏎}
argument-value: cache {⏎serve_stale 1h verify -1s⏎}
argument-value: cache {⏎serve_stale 1h verify 1s 1500ms⏎}
argument-value: cache {⏎serve_stale 1h immediate 1s 1s 1s⏎}
argument-value: cache {⏎servfail 6m⏎}
argument-value: cache {⏎disable x⏎}
missing-property: cache {⏎serve_stale_policy prefer_positive⏎}
one-line-block: cache { success 5 }
missing-property: header
unknown-property: header {⏎x⏎}
argument-count: header {⏎query⏎}
argument-value: header {⏎query set⏎}
argument-value: header {⏎query x aa⏎}
argument-value: header {⏎query set x⏎}
argument-count: minimal x
argument-count: template IN
argument-value: template X A
argument-value: template IN X
argument-value: template IN A {⏎match (⏎}
argument-value: template IN A {⏎answer "{{ x"⏎}
argument-value: template IN A {⏎answer "{{ 'x"⏎}
argument-value: template IN A {⏎rcode x⏎}
argument-value: template IN A {⏎ederror 65536⏎}
argument-value: template IN A {⏎ederror -1⏎}
unknown-property: template IN A {⏎x⏎}
missing-property: transfer
argument-value: transfer {⏎to x⏎}
repeated-property: transfer {⏎to *⏎source 10.0.0.1⏎source 10.0.0.1⏎}
argument-value: transfer {⏎to *⏎source x⏎}
repeated-directive: hosts⏎hosts
argument-value: hosts {⏎ttl 0⏎}
argument-value: hosts {⏎ttl x⏎}
argument-value: hosts {⏎reload -1s⏎}
hosts-entry: hosts {⏎fallthrough⏎10.0.0.1 a⏎}
unknown-property: hosts {⏎fallthrough⏎x a⏎}
missing-property: hosts {⏎fallthrough_unsupported⏎}
argument-value: k8s_external {⏎ttl 3601⏎}
repeated-directive: kubernetes cluster.local⏎kubernetes cluster.local
argument-value: kubernetes 1.0.10.in-addr.arpa
argument-value: kubernetes cluster.local {⏎pods x⏎}
argument-count: kubernetes cluster.local {⏎pods⏎}
property-conflict: kubernetes cluster.local {⏎namespaces a⏎namespace_labels b⏎}
property-conflict: kubernetes cluster.local {⏎zonal⏎noendpoints⏎}
argument-value: kubernetes cluster.local {⏎labels a in (⏎}
argument-value: kubernetes cluster.local {⏎multicluster other.local⏎}
argument-value: kubernetes cluster.local {⏎apiserver_qps x⏎}
argument-value: kubernetes cluster.local {⏎apiserver_qps -1⏎}
argument-value: kubernetes cluster.local {⏎ignore x⏎}
removed-property: kubernetes cluster.local {⏎upstream⏎}
removed-property: kubernetes cluster.local {⏎transfer to *⏎}
unknown-property: kubernetes cluster.local {⏎fallthroug⏎}
argument-count: file
argument-value: file /tmp/db {⏎reload x⏎}
removed-property: file /tmp/db {⏎no_reload⏎}
argument-value: auto {⏎directory /tmp (.*)⏎}
argument-value: auto {⏎directory /tmp x {1}⏎}
argument-value: auto {⏎reload -1s⏎}
missing-property: secondary
argument-count: secondary {⏎transfer from⏎}
argument-value: secondary {⏎transfer to 10.0.0.1⏎}
argument-value: secondary {⏎transfer from *⏎}
argument-value: secondary {⏎transfer from x⏎}
argument-count: loop x
repeated-directive: loop⏎loop
argument-count: forward .
argument-value: forward .: 10.0.0.1
argument-value: forward . a..b
argument-value: forward . tls://
argument-value: forward . grpc://10.0.0.1
argument-value: forward . foo://10.0.0.1
argument-value: forward . https://1.1.1.1/dns-query
argument-value: forward . 1.1.1.1 2.2.2.2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
argument-value: forward . 10.0.0.1 {⏎max_fails -1⏎}
argument-value: forward . 10.0.0.1 {⏎max_fails x⏎}
argument-value: forward . 10.0.0.1 {⏎health_check x⏎}
argument-value: forward . 10.0.0.1 {⏎health_check 5s x⏎}
argument-value: forward . 10.0.0.1 {⏎health_check 5s domain⏎}
argument-value: forward . 10.0.0.1 {⏎health_check 5s domain a..b⏎}
argument-value: forward . 10.0.0.1 {⏎max_age 5s⏎}
argument-value: forward . 10.0.0.1 {⏎read_timeout 0s⏎}
argument-value: forward . 10.0.0.1 {⏎policy x⏎}
argument-value: forward . 10.0.0.1 {⏎next x⏎}
argument-value: forward . 10.0.0.1 {⏎failover noerror⏎}
argument-value: forward . 10.0.0.1 {⏎resolver x⏎}
argument-value: forward . 10.0.0.1 {⏎source_address x⏎}
argument-count: forward . 10.0.0.1 {⏎force_tcp x⏎}
unknown-property: forward . 10.0.0.1 {⏎policy random extra⏎}
argument-value: grpc . x
argument-value: grpc .: 10.0.0.1
argument-value: grpc . ::1 ::1 ::1 ::1 ::1 ::1 ::1 ::1 ::1 ::1 ::1 ::1 ::1 ::1 ::1 ::1
argument-value: erratic {⏎drop -1⏎}
argument-count: whoami x
argument-value: on foo bar
argument-value: sign /tmp/db {⏎key directory x⏎}
argument-value: sign /tmp/db {⏎key file⏎}
argument-count: view
argument-value: view v {⏎expr name foo⏎}
argument-value: dnssec {⏎key file⏎}
argument-value: dnssec {⏎key foo bar⏎}
external-plugin: fanout . 10.0.0.1
removed-directive: proxy . 10.0.0.1
unknown-directive: reayd
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
1.11.4 ok: loadbalance {⏎x⏎}
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
