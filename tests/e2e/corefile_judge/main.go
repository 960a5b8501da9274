// The judge reads Corefiles, one JSON object a line, and says what CoreDNS makes of each: everything that the
// server does with a Corefile before it opens a port. It is built with the CoreDNS release whose verdict is wanted.
//
//	in:  {"id": "a", "corefile": "<base64>", "env": {"NAME": "value"}}
//	out: {"id": "a", "ok": false, "error": "Corefile:2 - Error during parsing: Unknown directive 'x'"}
//
// Two things differ from the server, both because there is no cluster and no network here: `kubernetes` is parsed
// but does not look for an API server, and nothing listens.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	_ "unsafe" // for go:linkname

	"github.com/coredns/caddy"
	_ "github.com/coredns/coredns/core/plugin"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/kubernetes"
)

//go:linkname plugins github.com/coredns/caddy.plugins
var plugins map[string]map[string]caddy.Plugin

//go:linkname serverTypes github.com/coredns/caddy.serverTypes
var serverTypes map[string]caddy.ServerType

type request struct {
	ID       string            `json:"id"`
	Corefile []byte            `json:"corefile"`
	Env      map[string]string `json:"env"`
}

type verdict struct {
	ID    string `json:"id"`
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
}

// The context of the Corefile that is being judged; caddy keeps it to itself.
var context caddy.Context

func main() {
	caddy.Quiet = true
	log.SetOutput(io.Discard)
	withoutCluster()
	rememberContext()

	out := json.NewEncoder(os.Stdout)
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var asked request
		if err := json.Unmarshal(line, &asked); err != nil {
			fmt.Fprintln(os.Stderr, "not a request:", err)
			os.Exit(64)
		}
		answer := verdict{ID: asked.ID, OK: true}
		if err := judge(asked); err != nil {
			answer.OK, answer.Error = false, err.Error()
		}
		if err := out.Encode(answer); err != nil {
			os.Exit(74)
		}
	}
}

func judge(asked request) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	for name, value := range asked.Env {
		os.Setenv(name, value)
		defer os.Unsetenv(name)
	}
	input := caddy.CaddyfileInput{Contents: asked.Corefile, Filepath: "Corefile", ServerTypeName: "dns"}
	if err := caddy.ValidateAndExecuteDirectives(input, nil, true); err != nil {
		return err
	}
	_, err = context.MakeServers()
	return err
}

func withoutCluster() {
	setup := func(c *caddy.Controller) error {
		for seen := false; c.Next(); seen = true {
			if seen {
				return plugin.Error("kubernetes", plugin.ErrOnce)
			}
			if _, err := kubernetes.ParseStanza(c); err != nil {
				return plugin.Error("kubernetes", err)
			}
		}
		return nil
	}
	plugins["dns"]["kubernetes"] = caddy.Plugin{ServerType: "dns", Action: setup}
}

func rememberContext() {
	dns := serverTypes["dns"]
	fresh := dns.NewContext
	dns.NewContext = func(instance *caddy.Instance) caddy.Context {
		context = fresh(instance)
		return context
	}
	serverTypes["dns"] = dns
}
