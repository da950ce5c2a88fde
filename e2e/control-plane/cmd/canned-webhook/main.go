// Command canned-webhook asks another webhook the first review of each path, and answers every later one with the same answer: it
// reads nothing of a review but its uid. It is what admission through a webhook costs an API server at the least, and so what
// `tandem bench admission` compares ours with. Every review of a path has to deserve the same answer.
package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"dev.tandem/control-plane/internal/post"
)

const longestBody = 8 << 20

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to listen on; port 0 takes any free one")
	webhook := flag.String("webhook", "", "the webhook that is asked first, as https://host:port")
	trust := flag.String("ca", "", "file with the certificates, in PEM, that the webhook's was signed with")
	certificate := flag.String("certificate", "", "file our own certificate is written to, in PEM")
	flag.Parse()
	if *webhook == "" || *trust == "" || *certificate == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "canned-webhook: -webhook, -ca and -certificate are needed, and there are no arguments")
		os.Exit(2)
	}
	if err := serve(*listen, *webhook, *trust, *certificate); err != nil {
		fmt.Fprintln(os.Stderr, "canned-webhook:", err)
		os.Exit(1)
	}
}

func serve(address, webhook, trust, certificate string) error {
	ask, err := asking(webhook, trust)
	if err != nil {
		return err
	}
	own, err := selfSigned()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	answers := &answers{ask: ask, known: map[string]answer{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ready") })
	mux.Handle("/", answers)
	// HTTP/2 for clients that ask for it, as ours.
	server := &http.Server{Handler: mux, TLSConfig: &tls.Config{Certificates: []tls.Certificate{own}}}
	encoded := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: own.Certificate[0]})
	if err := os.WriteFile(certificate, encoded, 0o600); err != nil {
		return err
	}
	return server.ServeTLS(listener, "", "")
}

// asking returns what posts a review to a path of the webhook.
func asking(webhook, trust string) (func(path string, review []byte) ([]byte, error), error) {
	bundle, err := os.ReadFile(trust)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(bundle) {
		return nil, errors.New(trust + " holds no certificate")
	}
	client := &http.Client{
		Timeout:   10 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}},
	}
	return func(path string, review []byte) ([]byte, error) {
		response, err := client.Post(webhook+path, "application/json", bytes.NewReader(review))
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		body, err := io.ReadAll(io.LimitReader(response.Body, longestBody))
		if err == nil && response.StatusCode != http.StatusOK {
			err = fmt.Errorf("%s%s answered %s: %s", webhook, path, response.Status, body)
		}
		return body, err
	}, nil
}

// selfSigned makes a certificate for the loopback address that lasts a day.
func selfSigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "canned-webhook"}, // Java reads no certificate whose subject is empty
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

// An answer is what stands before and after the uid.
type answer struct{ before, after []byte }

type answers struct {
	ask   func(path string, review []byte) ([]byte, error)
	lock  sync.Mutex
	known map[string]answer
}

func (a *answers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	review, err := post.Body(r, longestBody)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	body, err := a.to(r.URL.Path, review)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	post.Answer(w, body)
}

func (a *answers) to(path string, review []byte) ([]byte, error) {
	uid, err := uidOf(review)
	if err != nil {
		return nil, err
	}
	a.lock.Lock()
	defer a.lock.Unlock()
	known, ok := a.known[path]
	if !ok {
		first, err := a.ask(path, review)
		if err != nil {
			return nil, err
		}
		at := bytes.Index(first, uid)
		if at < 0 {
			return nil, fmt.Errorf("the answer to %s does not name the review's uid: %s", path, first)
		}
		known = answer{before: first[:at:at], after: first[at+len(uid):]}
		a.known[path] = known
	}
	return bytes.Join([][]byte{known.before, uid, known.after}, nil), nil
}

var uidKey = []byte(`"request":{"uid":"`)

// uidOf finds the uid where an API server writes it, first in the request, and decodes nothing.
func uidOf(review []byte) ([]byte, error) {
	at := bytes.Index(review, uidKey)
	if at < 0 {
		return nil, errors.New("no request that begins with its uid")
	}
	rest := review[at+len(uidKey):]
	end := bytes.IndexByte(rest, '"')
	if end < 1 {
		return nil, errors.New("the uid is empty or does not end")
	}
	return rest[:end], nil
}
