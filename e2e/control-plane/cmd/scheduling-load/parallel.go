package main

import (
	"context"
	"sync"
)

// parallel calls work(worker) on so many goroutines and returns the first error, after which ctx is cancelled for the others.
func parallel(ctx context.Context, workers int, work func(ctx context.Context, worker int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for worker := range workers {
		all.Add(1)
		go func() {
			defer all.Done()
			if err := work(ctx, worker); err != nil {
				cancel(err)
			}
		}()
	}
	all.Wait()
	return context.Cause(ctx)
}

// each shares 0..count-1 out to the workers, one after another in each.
func each(ctx context.Context, workers, count int, work func(ctx context.Context, i int) error) error {
	return parallel(ctx, workers, func(ctx context.Context, worker int) error {
		for i := worker; i < count && ctx.Err() == nil; i += workers {
			if err := work(ctx, i); err != nil {
				return err
			}
		}
		return nil
	})
}
