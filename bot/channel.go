package bot

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Channel carries replies to one platform. It decides only the kind of Delivery.
// channeltest holds the contract. What else a channel can do it says by implementing the optional interfaces below.
type Channel interface {
	Name() string
	// Send delivers one reply and says what the platform said. It returns within a few seconds.
	Send(ctx context.Context, r Reply) Delivery
}

// Receiver is a channel that is called by its platform (or by a browser) over HTTP.
// Handlers verify, then Accept, and only then answer 200.
type Receiver interface {
	Register(mux *http.ServeMux, in Intake)
}

// Poller is a channel that asks its platform for news. It commits each message before moving the offset.
type Poller interface {
	Poll(ctx context.Context, in Intake) error
}

// MediaFetcher is a channel whose attachments must be fetched: the worker calls it before the turn, outside any transaction.
type MediaFetcher interface {
	Fetch(ctx context.Context, ref string) (body io.ReadCloser, mime string, err error)
}

// Intake is what a channel may ask of the rest: take a message, and wait for its replies for a passive answer.
type Intake interface {
	Inbox
	// Await waits up to d for the replies of message key and hands them over for sending; the caller settles each.
	Await(ctx context.Context, key string, d time.Duration) ([]Reply, error)
	Settle(ctx context.Context, id string, d Delivery) error
}

// Watcher is how a live page learns of new replies: a signal per address, no content.
type Watcher interface {
	// Watch gives a channel that receives a token whenever a reply to a was committed; stop ends it.
	Watch(a Address) (news <-chan struct{}, stop func())
}
