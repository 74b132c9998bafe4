// chans: channels of every direction, nested.
// verdict: guarded
package chans

import "context"

//guard:dependency
type Dep interface {
	A(ctx context.Context, in <-chan int, out chan<- string, both chan bool) error
	B(ctx context.Context, c chan (<-chan int), d chan<- (chan int), e <-chan (<-chan int), f chan<- (<-chan int)) error
	C(ctx context.Context, c <-chan chan<- int) (chan (<-chan chan (<-chan func() <-chan int)), error)
	D(ctx context.Context) (<-chan struct{}, error)
	E(ctx context.Context, c <-chan (chan<- (<-chan int)), d chan (chan<- int)) ([]chan (<-chan int), error)
}
