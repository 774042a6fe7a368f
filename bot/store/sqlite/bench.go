package sqlite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"heshi/bot"
)

// BenchResult is what a disk and this store do together. Rates are turns per second, a turn being one message
// accepted, leased and committed with its conversation and one reply, all durable. Figures are medians over rounds
// in which the three kinds took turns.
type BenchResult struct {
	Sync  time.Duration `json:"sync_ns"` // one fdatasync after appending 4 KB: what the disk costs
	One   float64       `json:"turns_s_1"`
	Many  float64       `json:"turns_s_32"`
	Alone float64       `json:"turns_s_32_ungrouped"` // 32 conversations, every request in its own transaction
	Ratio float64       `json:"ratio"`                // Many to Alone
	P50   time.Duration `json:"p50_ns"`               // of a turn, with 32 conversations
	P99   time.Duration `json:"p99_ns"`
}

// Bench measures on the disk that holds dir, in a folder of its own that it removes. It takes a few seconds.
func Bench(ctx context.Context, dir string) (BenchResult, error) {
	r, err := bench(ctx, dir, 3)
	if err != nil {
		return r, fmt.Errorf("measuring the store: %w", err)
	}
	return r, nil
}

const (
	benchMany   = 32
	benchSyncs  = 100
	benchSingle = 150 // turns of one conversation
	benchTurns  = 800 // turns of 32 conversations, grouped
	benchAlone  = 200 // and ungrouped
)

func bench(ctx context.Context, dir string, rounds int) (r BenchResult, err error) {
	home, err := os.MkdirTemp(dir, "bench-")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(home)) }()
	var syncs, took []time.Duration
	var one, many, alone, ratio []float64
	for i := range rounds {
		d, err := benchSync(filepath.Join(home, "append"))
		if err != nil {
			return r, err
		}
		syncs = append(syncs, d)
		run := func(group, conversations, turns int) (float64, []time.Duration, error) {
			return benchTurnRate(ctx, filepath.Join(home, fmt.Sprint(i, "-", group, "-", conversations)), group, conversations, turns)
		}
		a, _, err := run(1, benchMany, benchAlone)
		if err != nil {
			return r, err
		}
		m, times, err := run(0, benchMany, benchTurns)
		if err != nil {
			return r, err
		}
		o, _, err := run(0, 1, benchSingle)
		if err != nil {
			return r, err
		}
		one, many, alone, ratio = append(one, o), append(many, m), append(alone, a), append(ratio, m/a)
		took = append(took, times...)
	}
	slices.Sort(took)
	return BenchResult{
		Sync: median(syncs), One: median(one), Many: median(many), Alone: median(alone), Ratio: median(ratio),
		P50: took[len(took)/2], P99: took[len(took)*99/100],
	}, nil
}

func median[T cmp.Ordered](of []T) T {
	s := slices.Sorted(slices.Values(of))
	return s[len(s)/2]
}

func benchSync(file string) (time.Duration, error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return 0, err
	}
	page := make([]byte, 4096)
	begin := time.Now()
	for range benchSyncs {
		if _, err := f.Write(page); err != nil {
			return 0, errors.Join(err, f.Close())
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			return 0, errors.Join(err, f.Close())
		}
	}
	return time.Since(begin) / benchSyncs, f.Close()
}

// benchTurnRate lets as many workers as conversations take turns until there were enough of them.
func benchTurnRate(ctx context.Context, dir string, group, conversations, turns int) (rate float64, took []time.Duration, err error) {
	s, err := Open(ctx, slog.New(slog.DiscardHandler), dir, Options{Group: group})
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var mu sync.Mutex
	var errs []error
	var next atomic.Int64
	var wg sync.WaitGroup
	begin := time.Now()
	for c := range conversations {
		wg.Go(func() {
			for next.Add(1) <= int64(turns) {
				d, err := s.benchTurn(ctx, c)
				mu.Lock()
				took, errs = append(took, d), append(errs, err)
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return 0, nil, err
	}
	return float64(turns) / time.Since(begin).Seconds(), took, nil
}

// benchTurn says something in conversation c, and does the work of whichever conversation is next.
func (s *Store) benchTurn(ctx context.Context, c int) (time.Duration, error) {
	begin := time.Now()
	from := bot.Address{Channel: "bench", User: fmt.Sprint(c)}
	key := fmt.Sprint("bench:", c, "/", begin.UnixNano())
	if _, err := s.Accept(ctx, bot.Message{Key: key, From: from, Text: "老板欠了我三个月工资，一共八千块", At: begin}); err != nil {
		return 0, err
	}
	for {
		w, err := s.Lease(ctx, begin, begin.Add(time.Minute))
		if errors.Is(err, bot.ErrNothing) { // the others hold every conversation that has a message
			time.Sleep(50 * time.Microsecond)
			continue
		}
		if err != nil {
			return 0, err
		}
		conv, err := s.Conversation(ctx, w.Message.From)
		if errors.Is(err, bot.ErrNotFound) {
			conv, err = bot.NewConversation(w.Message.From), nil
		}
		if err != nil {
			return 0, err
		}
		conv.LastSeen = begin
		err = s.Commit(ctx, bot.Commit{Work: &w, Conversations: []bot.Conversation{conv}, Replies: []bot.Reply{{
			ID: "r" + w.Message.Key, To: w.Message.From, Text: "先算一算时间：劳动争议要在一年内申请仲裁。", Kind: "answer", Cause: w.Message.Key, Made: begin,
		}}})
		return time.Since(begin), err
	}
}
