package main

import (
	"errors"
	"fmt"
	"testing"
)

const review = `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"%s","name":"x"}}`

func TestAPathIsAskedOnceAndItsAnswerRepeatedWithTheUidOfEachReview(t *testing.T) {
	asked := 0
	answers := &answers{known: map[string]answer{}, ask: func(path string, review []byte) ([]byte, error) {
		asked++
		uid, err := uidOf(review)
		return fmt.Appendf(nil, `{"response":{"uid":"%s","from":"%s"}}`, uid, path), err
	}}
	for _, path := range []string{"/pods", "/bindings", "/pods", "/pods"} {
		for _, uid := range []string{"a", "b-1"} {
			got, err := answers.to(path, fmt.Appendf(nil, review, uid))
			want := fmt.Sprintf(`{"response":{"uid":"%s","from":"%s"}}`, uid, path)
			if err != nil || string(got) != want {
				t.Errorf("%s, %v instead of %s", got, err, want)
			}
		}
	}
	if asked != 2 {
		t.Errorf("asked %d times for 2 paths", asked)
	}
}

func TestAFailureIsNotKept(t *testing.T) {
	fail := true
	answers := &answers{known: map[string]answer{}, ask: func(string, []byte) ([]byte, error) {
		if fail {
			return nil, errors.New("away")
		}
		return []byte(`{"uid":"u"}`), nil
	}}
	if got, err := answers.to("/pods", fmt.Appendf(nil, review, "u")); err == nil {
		t.Errorf("answered %s", got)
	}
	fail = false
	if _, err := answers.to("/pods", fmt.Appendf(nil, review, "u")); err != nil {
		t.Error(err)
	}
}

func TestAReviewWithoutUidIsRefused(t *testing.T) {
	for _, body := range []string{`{"request":{"name":"x"}}`, `{"request":{"uid":""}}`, `{"request":{"uid":"abc`, ``} {
		if uid, err := uidOf([]byte(body)); err == nil {
			t.Errorf("%s has uid %s", body, uid)
		}
	}
}
