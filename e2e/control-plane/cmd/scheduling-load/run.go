package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// load is what one run asks for.
type load struct {
	namespace, scheduler          string
	groups, prefill, decode, gpus int
	seed                          uint64
	shuffled, keep                bool
	timeout, pause                time.Duration
}

// run makes the pods of groups, waits until every one is bound or the time is over, and deletes them again.
func run(ctx context.Context, args []string) (any, error) {
	set, c := flags("run")
	l := load{}
	set.StringVar(&l.namespace, "namespace", "load", "namespace of the pods, made where it is missing")
	set.StringVar(&l.scheduler, "scheduler", "tandem", "schedulerName of the pods")
	set.IntVar(&l.groups, "groups", 200, "groups to make")
	set.IntVar(&l.prefill, "prefill", 2, "prefill pods of a group")
	set.IntVar(&l.decode, "decode", 2, "decode pods of a group")
	set.IntVar(&l.gpus, "gpus", 4, "GPUs of a pod")
	set.Uint64Var(&l.seed, "seed", 1, "seed of the order with -shuffled")
	set.BoolVar(&l.shuffled, "shuffled", false, "pods of all groups in any order; otherwise each client makes one whole group after another")
	set.BoolVar(&l.keep, "keep", false, "leave the pods where they are")
	set.DurationVar(&l.pause, "pause", 0, "wait of each client after each pod")
	set.DurationVar(&l.timeout, "timeout", 2*time.Minute, "longest wait for the last bind")
	set.Parse(args)
	client, err := c.connect()
	if err != nil {
		return nil, err
	}
	if err := namespace(ctx, client, l.namespace); err != nil {
		return nil, err
	}
	cluster, err := survey(ctx, client)
	if err != nil {
		return nil, err
	}
	made := newBinds(cluster, l)
	watching, stop := context.WithCancel(ctx)
	watched := make(chan error, 1)
	if err := made.follow(watching, client, watched); err != nil {
		stop()
		return nil, err
	}
	start := time.Now()
	err = create(ctx, client, c.clients, l, made)
	created := time.Since(start)
	if err == nil {
		err = made.await(ctx, watched, l.timeout)
	}
	stop()
	report := made.report(start, created)
	if !l.keep {
		if gone := remove(client, l.namespace); err == nil {
			err = gone
		}
	}
	return report, err
}

// create lets every client make its own groups, so that as many groups as there are clients are half made at any time.
func create(ctx context.Context, client kubernetes.Interface, clients int, l load, made *binds) error {
	size := l.prefill + l.decode
	order := make([]int, l.groups*size)
	for i := range order {
		order[i] = i
	}
	if l.shuffled {
		random := rand.New(rand.NewPCG(l.seed, 0))
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	return each(ctx, clients, l.groups, func(ctx context.Context, turn int) error {
		for _, which := range order[turn*size : (turn+1)*size] {
			group, part := which/size, which%size
			p := pod(l.namespace, podName(group, part), l.gpus, member(group, part, l.prefill, l.decode))
			p.Spec.SchedulerName = l.scheduler
			made.creating(p.Name)
			if _, err := client.CoreV1().Pods(l.namespace).Create(ctx, p, metav1.CreateOptions{}); err != nil {
				return err
			}
			time.Sleep(l.pause)
		}
		return nil
	})
}

func podName(group, part int) string { return fmt.Sprintf("g%d-%d", group, part) }

// remove deletes the pods even when the run was interrupted, and waits until none is left.
func remove(client kubernetes.Interface, namespace string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	grace := int64(0)
	pods := client.CoreV1().Pods(namespace)
	for {
		if err := pods.DeleteCollection(ctx, metav1.DeleteOptions{GracePeriodSeconds: &grace}, metav1.ListOptions{}); err != nil {
			return err
		}
		left, err := pods.List(ctx, metav1.ListOptions{Limit: 1})
		if err != nil || len(left.Items) == 0 {
			return err
		}
	}
}

// survey reads what the pods may use, and what other pods use already.
func survey(ctx context.Context, client kubernetes.Interface) (*cluster, error) {
	listed, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	c := &cluster{nodes: make(map[string]*place, len(listed.Items))}
	for _, node := range listed.Items {
		free := node.Status.Allocatable[gpuResource]
		c.nodes[node.Name] = &place{free: int(free.Value()), domain: node.Labels[domainLabel], leaf: node.Labels[leafLabel]}
	}
	pods, err := client.CoreV1().Pods("").List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	for i := range pods.Items {
		if at := c.nodes[pods.Items[i].Spec.NodeName]; at != nil {
			at.free -= gpusOf(&pods.Items[i])
		}
	}
	return c, nil
}

func gpusOf(p *corev1.Pod) int {
	all := 0
	for _, container := range p.Spec.Containers {
		wanted := container.Resources.Limits[gpuResource]
		all += int(wanted.Value())
	}
	return all
}
