// Package post reads and answers the calls that kube-scheduler and kube-apiserver post.
package post

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// Body returns the whole body of a call, of at most longest bytes.
func Body(r *http.Request, longest int64) ([]byte, error) {
	if r.ContentLength < 0 || r.ContentLength > longest {
		return nil, fmt.Errorf("a body of %d bytes; accepted: a known length of at most %d", r.ContentLength, longest)
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, body)
	return body, err
}

// Answer writes JSON of a known length.
func Answer(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}
