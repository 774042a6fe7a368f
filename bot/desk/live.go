package desk

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"time"

	"heshi/bot"
	"heshi/intake"
)

// How live pages look: at once on a signal, but no oftener than liveRest; without one, every livePoll, for what
// another process wrote. A stream ends after liveLife and the browser asks anew.
const (
	liveRest = time.Second
	livePoll = 20 * time.Second
	liveLife = 10 * time.Minute
)

// deskWatcher is a Watcher that also says when any matter changed.
type deskWatcher interface {
	WatchDesk() (news <-chan struct{}, stop func())
}

// ringer is a Watcher that can be told of what the desk wrote.
type ringer interface {
	Outbox(a bot.Address, cause string)
	Desk()
}

func (d *Desk) queueLive(w http.ResponseWriter, r *http.Request) {
	me := staffOf(r)
	d.stream(w, r, nil, func() (string, error) { return d.queueState(r.Context(), me) })
}

// queueState changes when anything in the open queue of me does.
func (d *Desk) queueState(ctx context.Context, me bot.Staff) (string, error) {
	ms, err := d.store.Matters(ctx, bot.MatterFilter{Offices: scope(me), Statuses: openStatuses(), Limit: queueMost})
	return stateOf(ms), err
}

func stateOf(ms []intake.Matter) string {
	h := fnv.New64a()
	for _, m := range ms { // in the order of the store: call it before sorting
		fmt.Fprintf(h, "%s %d\n", m.ID, m.Version)
	}
	return fmt.Sprintf("%x", h.Sum64())
}

func (d *Desk) fileLive(w http.ResponseWriter, r *http.Request) {
	id, parties := matterOf(r).ID, addresses(matterOf(r))
	d.stream(w, r, parties, func() (string, error) { return d.fileState(r.Context(), id, parties) })
}

// fileState changes when the matter, one of its threads or the fate of a reply does.
func (d *Desk) fileState(ctx context.Context, id string, parties []bot.Address) (string, error) {
	h := fnv.New64a()
	m, err := d.store.Matter(ctx, id)
	if err != nil {
		return "", err
	}
	fmt.Fprintln(h, m.Version)
	for _, p := range append([]bot.Address{{}}, parties...) {
		entries, err := d.store.Thread(ctx, id, p)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(h, len(entries))
	}
	lost, err := d.store.Undelivered(ctx, id)
	for _, u := range lost {
		fmt.Fprintln(h, u.Reply.ID, u.State)
	}
	return fmt.Sprintf("%x", h.Sum64()), err
}

// stream sends an empty "changed" event whenever look gives something else than the page was made from (?v=). It
// carries no content: the page fetches itself again, with all the checks of a page.
func (d *Desk) stream(w http.ResponseWriter, r *http.Request, parties []bot.Address, look func() (string, error)) {
	out := http.NewResponseController(w)
	if err := out.SetWriteDeadline(time.Time{}); err != nil {
		d.log.DebugContext(r.Context(), "desk: the server keeps its write deadline for streams", "error", err)
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	say := func(text string) bool {
		if _, err := io.WriteString(w, text); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	if !say("retry: 3000\n\n") {
		return
	}
	wake, stop := d.signals(parties)
	defer stop()
	end, poll := time.After(liveLife), time.NewTicker(livePoll)
	defer poll.Stop()
	last := r.URL.Query().Get("v")
	for first := true; ; first = false {
		if !first {
			select {
			case <-r.Context().Done():
				return
			case <-d.closed:
				return
			case <-end:
				return
			case <-wake:
			case <-poll.C:
			}
		}
		now, err := look()
		if err != nil {
			return
		}
		text := ": still here\n\n"
		if now != last {
			last, text = now, "event: changed\ndata: \n\n"
		}
		if !say(text) {
			return
		}
		select { // a burst of changes is one look
		case <-time.After(liveRest):
		case <-r.Context().Done():
			return
		case <-d.closed:
			return
		}
	}
}

// signals joins what the watcher can tell into one channel.
func (d *Desk) signals(parties []bot.Address) (<-chan struct{}, func()) {
	wake, done := make(chan struct{}, 1), make(chan struct{})
	var stops []func()
	join := func(news <-chan struct{}, stop func()) {
		stops = append(stops, stop)
		go func() {
			for {
				select {
				case <-done:
					return
				case _, ok := <-news:
					if !ok {
						return
					}
					select {
					case wake <- struct{}{}:
					default:
					}
				}
			}
		}()
	}
	if d.watch != nil {
		for _, a := range parties {
			join(d.watch.Watch(a))
		}
		if w, ok := d.watch.(deskWatcher); ok {
			join(w.WatchDesk())
		}
	}
	return wake, func() {
		close(done)
		for _, stop := range stops {
			stop()
		}
	}
}
