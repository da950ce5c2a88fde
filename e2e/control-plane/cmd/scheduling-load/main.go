// Command scheduling-load gives a kube-scheduler work and reports how fast and where it placed it, as JSON on stdout:
//
//	scheduling-load nodes  makes Node objects, and the pods that fill some of them
//	scheduling-load held   makes pods that are bound already
//	scheduling-load run    makes groups of pods, waits until they are bound, reports, and deletes them
//
// One small process, so that little of the machine is taken from what it measures. Made for the machine's own API server: requests
// are not throttled, and pods are deleted without the grace their kubelet would need.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	commands := map[string]func(context.Context, []string) (any, error){"nodes": nodes, "held": held, "run": run}
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: scheduling-load nodes|held|run -kubeconfig FILE [flags]; -help after the command lists its flags")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	result, err := commands[os.Args[1]](ctx, os.Args[2:])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(result)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "scheduling-load "+os.Args[1]+":", err)
		os.Exit(1)
	}
}

// common holds what every command is told.
type common struct {
	kubeconfig string
	clients    int
}

func flags(name string) (*flag.FlagSet, *common) {
	set := flag.NewFlagSet("scheduling-load "+name, flag.ExitOnError)
	c := &common{}
	set.StringVar(&c.kubeconfig, "kubeconfig", "", "configuration of a client that may do everything")
	set.IntVar(&c.clients, "clients", 16, "requests at a time")
	return set, c
}

func (c *common) connect() (kubernetes.Interface, error) {
	config, err := clientcmd.BuildConfigFromFlags("", c.kubeconfig)
	if err != nil {
		return nil, err
	}
	config.QPS = -1
	config.ContentType = "application/vnd.kubernetes.protobuf"
	config.UserAgent = "scheduling-load"
	return kubernetes.NewForConfig(config)
}
