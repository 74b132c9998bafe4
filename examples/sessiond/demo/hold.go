package main

import (
	"bufio"
	"context"
	"io"
)

// hold lets both worlds live on until ctx is done. Each line of in brings the outages once more.
func (d *drama) hold(ctx context.Context, in io.Reader) error {
	again := lines(ctx, in)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-again:
			if err := d.play(ctx, script[1:]); err != nil && ctx.Err() == nil { // without the calm, which is now
				return err
			}
		}
	}
}

// lines returns a channel with a value for each line of in. Its goroutine ends with in, or at the first line after ctx is
// done: a terminal cannot be told that nobody reads it any more.
func lines(ctx context.Context, in io.Reader) <-chan struct{} {
	read := make(chan struct{})
	go func() {
		for scanner := bufio.NewScanner(in); scanner.Scan(); {
			select {
			case read <- struct{}{}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return read
}
