package main

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/watch"
)

func TestAGroupCountsOnlyWhenAllItsPodsShareADomain(t *testing.T) {
	b := bindings(t, load{groups: 3, prefill: 1, decode: 1, gpus: 4}, map[string]string{
		"g0-0": "a", "g0-1": "b", // one domain
		"g1-0": "a", "g1-1": "c", // two
		"g2-0": "b", "g2-1": "", // not whole
	})
	r := b.report(time.Now(), 0)
	if r.Bound != 5 || r.GroupsComplete != 2 || r.GroupsInNvlinkDomain != 1 || r.GroupsInLeaf != 2 {
		t.Errorf("%+v", r)
	}
	if len(r.Split) != 2 || len(r.Overbooked) != 0 {
		t.Errorf("split %v, overbooked %v", r.Split, r.Overbooked)
	}
}

func TestANodeWithMorePodsThanGpusIsNamed(t *testing.T) {
	b := bindings(t, load{groups: 1, prefill: 2, decode: 1, gpus: 4}, map[string]string{"g0-0": "a", "g0-1": "a", "g0-2": "a"})
	if r := b.report(time.Now(), 0); r.Overbooked["a"] != 4 {
		t.Errorf("%v", r.Overbooked)
	}
	select {
	case <-b.all:
	default:
		t.Error("all pods are bound, and nobody was told")
	}
}

func TestABindSeenTwiceIsCountedOnce(t *testing.T) {
	b := bindings(t, load{groups: 1, prefill: 1, decode: 1, gpus: 8}, map[string]string{"g0-0": "a"})
	b.seen(watch.Modified, bound("g0-0", "a", 8))
	if r := b.report(time.Now(), 0); r.Bound != 1 || len(r.Overbooked) != 0 {
		t.Errorf("%+v", r)
	}
}

// bindings are of three nodes of 8 GPUs under one leaf: a and b share a domain, c has its own.
func bindings(t *testing.T, l load, nodes map[string]string) *binds {
	t.Helper()
	b := newBinds(&cluster{nodes: map[string]*place{
		"a": {free: 8, domain: "n0", leaf: "l0"}, "b": {free: 8, domain: "n0", leaf: "l0"}, "c": {free: 8, domain: "n1", leaf: "l0"},
	}}, l)
	for name, node := range nodes {
		b.creating(name)
		b.seen(watch.Modified, bound(name, node, l.gpus))
	}
	return b
}

func bound(name, node string, gpus int) *corev1.Pod {
	p := pod("load", name, gpus, nil)
	p.Spec.NodeName = node
	return p
}
