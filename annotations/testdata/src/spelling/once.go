package spelling

import (
	"context"
	"io"
)

// Once has mistakes that other findings would follow from.
//
//guard:dependency name=once timeout=2s
type Once interface {
	/* want "unknown directive //guard:destuctive" */ //guard:destuctive
	Delete(ctx context.Context, id string) error
	/* want "unknown directive //guard:skp" */ //guard:skp
	Len() int
	/* want "unknown directive //guard:cal" */ //guard:cal timeout=none
	Open(ctx context.Context) (io.ReadCloser, error)
	//guard:destructive budget=none
	/* want "unknown directive //guard:cll" */ //guard:cll key=id
	Drop(ctx context.Context, id string) error
	onceBase /* want "unknown directive //guard:destrutive" */ //guard:destrutive Remove
	Purge(ctx context.Context) error // want "warning: destructive by its name, but not annotated: Purge"
}

type onceBase interface {
	Remove(ctx context.Context) error
}

/* want "unknown directive //guard:destruktive" */ //guard:destruktive Remove
//guard:dependency name=level
type Level interface {
	Remove(ctx context.Context) error
}

//guard:dependency name=struct
type OnceStruct struct {
	onceEmbedded /* want "unknown directive //guard:destruktive" */ //guard:destruktive Kill
}

type onceEmbedded struct{}

func (onceEmbedded) Kill(ctx context.Context) error { return nil }

/* want "unknown directive //guard:destruktive" */ //guard:destruktive
func (*OnceStruct) End(ctx context.Context) error { return nil }
