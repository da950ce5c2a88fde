package main

import (
	"slices"
	"time"
)

// report is what a run found. A group counts as inside a domain or a leaf when it is complete and all its pods are there.
type report struct {
	Pods                 int            `json:"pods"`
	Bound                int            `json:"bound"`
	Seconds              float64        `json:"seconds"`
	CreateSeconds        float64        `json:"createSeconds"`
	PodsPerSecond        float64        `json:"podsPerSecond"`
	LatencyMillis        quantiles      `json:"latencyMillis"`
	Groups               int            `json:"groups"`
	GroupsComplete       int            `json:"groupsComplete"`
	GroupsInNvlinkDomain int            `json:"groupsInNvlinkDomain"`
	GroupsInLeaf         int            `json:"groupsInLeaf"`
	Overbooked           map[string]int `json:"overbooked"`
	Split                [][]string     `json:"split"`
}

type quantiles struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// report counts from the first creation to the last bind.
func (b *binds) report(start time.Time, created time.Duration) report {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	size := b.load.prefill + b.load.decode
	r := report{Pods: b.load.groups * size, Bound: b.bound, Groups: b.load.groups, CreateSeconds: created.Seconds(),
		Overbooked: b.overbooked, Split: [][]string{}}
	var last time.Time
	var waits []float64
	for _, pod := range b.pods {
		if pod.node == "" {
			continue
		}
		waits = append(waits, float64(pod.bound.Sub(pod.created).Microseconds())/1e3)
		if pod.bound.After(last) {
			last = pod.bound
		}
	}
	if len(waits) > 0 {
		r.Seconds = last.Sub(start).Seconds()
		r.PodsPerSecond = float64(len(waits)) / r.Seconds
		slices.Sort(waits)
		r.LatencyMillis = quantiles{at(waits, 0.50), at(waits, 0.99), waits[len(waits)-1]}
	}
	for group := range b.load.groups {
		b.count(group, size, &r)
	}
	return r
}

func (b *binds) count(group, size int, r *report) {
	nodes := make([]string, 0, size)
	for part := range size {
		if pod := b.pods[podName(group, part)]; pod != nil && pod.node != "" {
			nodes = append(nodes, pod.node)
		}
	}
	complete := len(nodes) == size
	inDomain := complete && b.share(nodes, func(p *place) string { return p.domain })
	if complete {
		r.GroupsComplete++
	}
	if inDomain {
		r.GroupsInNvlinkDomain++
	} else if len(r.Split) < 20 {
		r.Split = append(r.Split, nodes)
	}
	if complete && b.share(nodes, func(p *place) string { return p.leaf }) {
		r.GroupsInLeaf++
	}
}

// share tells whether all nodes have the same value, and have one.
func (b *binds) share(nodes []string, value func(*place) string) bool {
	first := ""
	for i, name := range nodes {
		at := b.cluster.nodes[name]
		if at == nil || value(at) == "" || i > 0 && value(at) != first {
			return false
		}
		first = value(at)
	}
	return true
}

func at(sorted []float64, share float64) float64 { return sorted[int(share*float64(len(sorted)-1))] }
