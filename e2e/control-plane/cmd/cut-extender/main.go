// Command cut-extender answers every filter call with the first names it was sent and looks at nothing else. It is what an HTTP
// extender costs kube-scheduler at the least, and so what `tandem bench scheduling` compares ours with.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"

	"dev.tandem/control-plane/internal/post"
)

const longestBody = 32 << 20

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to listen on; port 0 takes any free one")
	keep := flag.Int("keep", 32, "names an answer holds at most")
	flag.Parse()
	if *keep < 1 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "cut-extender: -keep must be at least 1, and there are no arguments")
		os.Exit(2)
	}
	if err := serve(*listen, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "cut-extender:", err)
		os.Exit(1)
	}
}

func serve(address string, keep int) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	http.HandleFunc("/filter", func(w http.ResponseWriter, r *http.Request) { filter(w, r, keep) })
	http.HandleFunc("/readyz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ready") })
	fmt.Println("http://" + listener.Addr().String())
	return http.Serve(listener, nil)
}

func filter(w http.ResponseWriter, r *http.Request, keep int) {
	body, err := post.Body(r, longestBody)
	if err == nil {
		body, err = cut(body, keep)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	post.Answer(w, body)
}

var names = []byte(`"NodeNames":[`)

// cut copies the first names without decoding anything: a quote inside a JSON string is escaped, so the key cannot be part of one,
// and a node's name needs no escape.
func cut(body []byte, keep int) ([]byte, error) {
	at := bytes.LastIndex(body, names)
	if at < 0 {
		return nil, errors.New("no NodeNames; this extender needs nodeCacheCapable: true")
	}
	list := body[at+len(names):]
	end := bytes.IndexByte(list, ']')
	if end < 0 {
		return nil, errors.New("NodeNames does not end")
	}
	list = list[:end]
	for i, kept := 0, 0; i < len(list); i++ {
		if list[i] == ',' {
			if kept++; kept == keep {
				list = list[:i]
			}
		}
	}
	answer := make([]byte, 0, len(list)+64)
	answer = append(answer, `{"NodeNames":[`...)
	answer = append(answer, list...)
	return append(answer, `],"FailedNodes":{},"FailedAndUnresolvableNodes":{},"Error":""}`...), nil
}
