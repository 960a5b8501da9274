// The grammar judge answers with what the real packages make of a Corefile, a zone or a duration, so that the readings
// written in Python can be compared with them input by input.
//
//	request: one byte for the kind (c, z or d), the length as four bytes big endian, the input
//	answer:  the length as four bytes big endian, the text
//
// The limits on imports are set low by -limit, because the real parser takes minutes to reach its own.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"sort"
	"strings"
	"time"
	_ "unsafe" // for go:linkname

	"github.com/coredns/caddy/caddyfile"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/pkg/parse"
	"github.com/miekg/dns"
)

//go:linkname maxSnippetExpansions github.com/coredns/caddy/caddyfile.maxSnippetExpansions
var maxSnippetExpansions int

//go:linkname maxFileExpansions github.com/coredns/caddy/caddyfile.maxFileExpansions
var maxFileExpansions int

const (
	part  = "\x1d" // between the parts of an answer
	entry = "\x1e" // between the entries of a part
	field = "\x1f" // between the fields of an entry
)

func main() {
	limit := flag.Int("limit", 10000, "how many snippets, and how many files, may be imported")
	directives := flag.String("directives", "", "known directives, separated by commas")
	flag.Parse()
	maxSnippetExpansions, maxFileExpansions = *limit, *limit
	known := strings.Split(*directives, ",")

	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	for {
		var head [5]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			out.Flush()
			return
		}
		input := make([]byte, binary.BigEndian.Uint32(head[1:]))
		if _, err := io.ReadFull(in, input); err != nil {
			os.Exit(65)
		}
		var answer string
		switch head[0] {
		case 'c':
			answer = corefile(input, known)
		case 'z':
			answer = zone(string(input))
		case 'd':
			answer = duration(string(input))
		default:
			os.Exit(64)
		}
		if err := binary.Write(out, binary.BigEndian, uint32(len(answer))); err != nil {
			os.Exit(74)
		}
		out.WriteString(answer)
		if in.Buffered() == 0 {
			out.Flush()
		}
	}
}

func corefile(input []byte, known []string) string {
	return tokens(input) + part + parsed(input, nil) + part + parsed(input, known)
}

func tokens(input []byte) string {
	var out strings.Builder
	for d := caddyfile.NewDispenser("Corefile", bytes.NewReader(input)); d.Next(); {
		fmt.Fprintf(&out, "%d%s%s%s", d.Line(), field, d.Val(), entry)
	}
	return out.String()
}

func parsed(input []byte, known []string) string {
	var out strings.Builder
	log.SetFlags(0)
	log.SetOutput(&out)
	blocks, err := caddyfile.Parse("Corefile", bytes.NewReader(input), known)
	if err != nil {
		return out.String() + err.Error()
	}
	for _, block := range blocks {
		fmt.Fprintf(&out, "block%s%s%s", field, strings.Join(block.Keys, field), entry)
		var names []string
		for name := range block.Tokens {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			fmt.Fprintf(&out, "%s%s", name, field)
			for _, token := range block.Tokens[name] {
				fmt.Fprintf(&out, "%d%s%s%s", token.Line, field, token.Text, field)
			}
			out.WriteString(entry)
			read(&out, block.Tokens[name])
		}
	}
	return out.String()
}

// read walks over the tokens as the setup of nearly every plugin does.
func read(out *strings.Builder, tokens []caddyfile.Token) {
	d := caddyfile.NewDispenserTokens("Corefile", tokens)
	for d.Next() {
		fmt.Fprintf(out, "> %s%s%s%s", d.Val(), field, strings.Join(d.RemainingArgs(), field), entry)
		for d.NextBlock() {
			fmt.Fprintf(out, ">> %s%s%s%s", d.Val(), field, strings.Join(d.RemainingArgs(), field), entry)
		}
	}
}

func zone(input string) string {
	scheme, rest := parse.Transport(input)
	hosts, port, err := plugin.SplitHostPort(rest)
	if err != nil {
		return err.Error()
	}
	for i := range hosts {
		if _, _, err := plugin.SplitHostPort(dns.Fqdn(hosts[i])); err != nil { // as InspectServerBlocks does
			return err.Error()
		}
		hosts[i] = plugin.Name(hosts[i]).Normalize()
	}
	return scheme + field + port + field + strings.Join(hosts, field)
}

func duration(input string) string {
	d, err := time.ParseDuration(input)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d%s%s", int64(d), field, d)
}
