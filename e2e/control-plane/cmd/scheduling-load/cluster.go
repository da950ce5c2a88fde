package main

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

const (
	gpuResource = corev1.ResourceName("nvidia.com/gpu")
	domainLabel = "accelerator.topograph.run/domain"
	leafLabel   = "fabric.topograph.run/tier-0"
	spineLabel  = "fabric.topograph.run/tier-1"
	coreLabel   = "fabric.topograph.run/tier-2"
	keys        = "production-stack.vllm.ai/"
)

// nodes makes Node objects labelled as topograph would label them. A domain of 0 nodes leaves the label out.
func nodes(ctx context.Context, args []string) (any, error) {
	set, c := flags("nodes")
	count := set.Int("nodes", 1000, "nodes to make")
	gpus := set.Int("gpus", 8, "GPUs of a node")
	domain := set.Int("nvlink-domain", 16, "nodes of an NVLink domain; 0: there are no domains")
	leaf := set.Int("leaf", 32, "nodes of a leaf switch")
	spine := set.Int("spine", 256, "nodes of a spine switch")
	fillEvery := set.Int("fill-every", 0, "every such node is filled in part by another pod; 0: none is")
	fillGpus := set.Int("fill-gpus", 4, "GPUs such a pod takes")
	set.Parse(args)
	client, err := c.connect()
	if err != nil {
		return nil, err
	}
	if *fillEvery > 0 {
		if err := namespace(ctx, client, "held"); err != nil {
			return nil, err
		}
	}
	start := time.Now()
	err = each(ctx, c.clients, *count, func(ctx context.Context, i int) error {
		labels := map[string]string{
			"kubernetes.io/hostname": nodeName(i),
			leafLabel:                fmt.Sprintf("leaf-%d", i / *leaf),
			spineLabel:               fmt.Sprintf("spine-%d", i / *spine),
			coreLabel:                "core-0",
		}
		if *domain > 0 {
			labels[domainLabel] = fmt.Sprintf("nvl-%d", i / *domain)
		}
		if _, err := client.CoreV1().Nodes().Create(ctx, node(i, *gpus, labels), metav1.CreateOptions{}); err != nil {
			return err
		}
		if *fillEvery > 0 && i%*fillEvery == *fillEvery-1 {
			filler := pod("held", fmt.Sprintf("on-%s", nodeName(i)), *fillGpus, nil)
			filler.Spec.NodeName = nodeName(i)
			_, err := client.CoreV1().Pods("held").Create(ctx, filler, metav1.CreateOptions{})
			return err
		}
		return nil
	})
	return map[string]any{"nodes": *count, "seconds": time.Since(start).Seconds()}, err
}

// held makes pods that are bound already, as the pods of a full cluster are.
func held(ctx context.Context, args []string) (any, error) {
	set, c := flags("held")
	count := set.Int("pods", 20000, "pods to make, on the nodes in turn")
	over := set.Int("nodes", 5000, "nodes to make them on")
	gpus := set.Int("gpus", 1, "GPUs of a pod")
	set.Parse(args)
	client, err := c.connect()
	if err != nil {
		return nil, err
	}
	if err := namespace(ctx, client, "held"); err != nil {
		return nil, err
	}
	start := time.Now()
	err = each(ctx, c.clients, *count, func(ctx context.Context, i int) error {
		bound := pod("held", fmt.Sprintf("held-%d", i), *gpus, member(i/4, i%4, 2, 2))
		bound.Spec.NodeName = nodeName(i % *over)
		_, err := client.CoreV1().Pods("held").Create(ctx, bound, metav1.CreateOptions{})
		return err
	})
	return map[string]any{"pods": *count, "seconds": time.Since(start).Seconds()}, err
}

func nodeName(i int) string { return fmt.Sprintf("gpu-%05d", i) }

func node(i, gpus int, labels map[string]string) *corev1.Node {
	capacity := corev1.ResourceList{
		corev1.ResourceCPU:    resource.MustParse("192"),
		corev1.ResourceMemory: resource.MustParse("2Ti"),
		corev1.ResourcePods:   resource.MustParse("110"),
		gpuResource:           *resource.NewQuantity(int64(gpus), resource.DecimalSI),
	}
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: nodeName(i), Labels: labels},
		Status: corev1.NodeStatus{
			Capacity:    capacity,
			Allocatable: capacity,
			Conditions:  []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue}},
		},
	}
}

func pod(namespace, name string, gpus int, annotations map[string]string) *corev1.Pod {
	automount, grace := false, int64(0)
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, Annotations: annotations},
		Spec: corev1.PodSpec{
			AutomountServiceAccountToken:  &automount,
			TerminationGracePeriodSeconds: &grace,
			Containers: []corev1.Container{{
				Name:  "vllm",
				Image: "vllm/vllm-openai",
				Resources: corev1.ResourceRequirements{
					Requests: corev1.ResourceList{
						corev1.ResourceCPU:    resource.MustParse("8"),
						corev1.ResourceMemory: resource.MustParse("64Gi"),
					},
					Limits: corev1.ResourceList{gpuResource: *resource.NewQuantity(int64(gpus), resource.DecimalSI)},
				},
			}},
		},
	}
}

// member says which of a group's pods this is: the prefill pods come first.
func member(group, part, prefill, decode int) map[string]string {
	role := "prefill"
	if part >= prefill {
		role = "decode"
	}
	return map[string]string{
		keys + "role":       role,
		keys + "group":      fmt.Sprintf("g%d", group),
		keys + "group-size": fmt.Sprintf("prefill=%d,decode=%d", prefill, decode),
		keys + "model":      "llama-3-70b",
	}
}

// namespace makes it and the account its pods are admitted with, which a controller would make in its own time.
func namespace(ctx context.Context, client kubernetes.Interface, name string) error {
	space := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
	if _, err := client.CoreV1().Namespaces().Create(ctx, space, metav1.CreateOptions{}); err != nil && !apierrors.IsAlreadyExists(err) {
		return err
	}
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default"}}
	_, err := client.CoreV1().ServiceAccounts(name).Create(ctx, account, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return err
	}
	return nil
}
