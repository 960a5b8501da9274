"""Bodies of a server block that the latest CoreDNS rejects, in the format of `plugin_cases`."""

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
