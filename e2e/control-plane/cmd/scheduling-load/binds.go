package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
)

// cluster is what the nodes have left.
type cluster struct{ nodes map[string]*place }

type place struct {
	free         int
	domain, leaf string
}

// bind is one pod's way.
type bind struct {
	created, bound time.Time
	node           string
}

// binds follows the pods of a run. Safe for several goroutines.
type binds struct {
	load       load
	cluster    *cluster
	mutex      sync.Mutex
	pods       map[string]*bind
	bound      int
	overbooked map[string]int
	all        chan struct{}
}

func newBinds(c *cluster, l load) *binds {
	return &binds{load: l, cluster: c, pods: map[string]*bind{}, overbooked: map[string]int{}, all: make(chan struct{})}
}

func (b *binds) creating(name string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.pods[name] = &bind{created: time.Now()}
}

// follow watches from now on, in a goroutine whose end it reports; a watch the server closes is taken up again where it ended.
func (b *binds) follow(ctx context.Context, client kubernetes.Interface, ended chan<- error) error {
	pods := client.CoreV1().Pods(b.load.namespace)
	list, err := pods.List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	if len(list.Items) > 0 {
		return fmt.Errorf("namespace %s holds %d pods already; delete them or name another with -namespace", b.load.namespace, len(list.Items))
	}
	version := list.ResourceVersion
	go func() {
		for ctx.Err() == nil {
			events, err := pods.Watch(ctx, metav1.ListOptions{ResourceVersion: version})
			if err != nil {
				ended <- err
				return
			}
			for event := range events.ResultChan() {
				pod, ok := event.Object.(*corev1.Pod)
				if !ok {
					ended <- fmt.Errorf("the watch of pods failed: %v", event.Object)
					events.Stop()
					return
				}
				version = pod.ResourceVersion
				b.seen(event.Type, pod)
			}
		}
	}()
	return nil
}

func (b *binds) seen(kind watch.EventType, pod *corev1.Pod) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	entry := b.pods[pod.Name]
	if kind == watch.Deleted || pod.Spec.NodeName == "" || entry == nil || entry.node != "" {
		return
	}
	entry.node, entry.bound = pod.Spec.NodeName, time.Now()
	if at := b.cluster.nodes[entry.node]; at != nil {
		if at.free -= gpusOf(pod); at.free < 0 {
			b.overbooked[entry.node] = -at.free
		}
	}
	if b.bound++; b.bound == b.load.groups*(b.load.prefill+b.load.decode) {
		close(b.all)
	}
}

// await ends without an error when the time is over: the report says how many were bound.
func (b *binds) await(ctx context.Context, watched <-chan error, timeout time.Duration) error {
	select {
	case <-b.all:
		return nil
	case err := <-watched:
		return err
	case <-time.After(timeout):
		return nil
	case <-ctx.Done():
		return errors.New("interrupted")
	}
}
