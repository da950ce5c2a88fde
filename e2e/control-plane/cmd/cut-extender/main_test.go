package main

import (
	"strings"
	"testing"
)

func TestTheFirstNamesAreKept(t *testing.T) {
	body := `{"Pod":{"metadata":{"annotations":{"a":"\"NodeNames\":[\"x\"]"}}},"Nodes":null,"NodeNames":["a","b","c"]}`
	for keep, want := range map[int]string{1: `["a"]`, 2: `["a","b"]`, 3: `["a","b","c"]`, 32: `["a","b","c"]`} {
		answer, err := cut([]byte(body), keep)
		if err != nil || !strings.HasPrefix(string(answer), `{"NodeNames":`+want+`,`) {
			t.Errorf("keep %d: %s, %v", keep, answer, err)
		}
	}
}

func TestNoNamesStayNoNames(t *testing.T) {
	answer, err := cut([]byte(`{"Pod":{},"NodeNames":[]}`), 2)
	if err != nil || !strings.HasPrefix(string(answer), `{"NodeNames":[],`) {
		t.Errorf("%s, %v", answer, err)
	}
}

func TestWhatHasNoListOfNamesIsRefused(t *testing.T) {
	for _, body := range []string{`{"Pod":{},"NodeNames":null}`, `{"NodeNames":["a"`, ``} {
		if answer, err := cut([]byte(body), 2); err == nil {
			t.Errorf("%s was answered with %s", body, answer)
		}
	}
}
