package wechat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"heshi/bot"
	"heshi/intake"
)

const (
	menuBucket = "wechat-menu"
	menuLife   = 30 * 24 * time.Hour
	menuMost   = 400 // buttons remembered for one follower; the longest unused number is taken again
)

// menus gives each button of a follower a short number, as the platform's menus want, and finds it again when it
// is tapped, days later and in another process too. The same button keeps its number.
type menus struct {
	vault bot.Vault
	now   func() time.Time
	mu    sync.Mutex
}

type menuBook struct {
	Next int            `json:"next"`
	IDs  map[string]int `json:"ids"`
}

func (b menuBook) find(n int) (string, bool) {
	for id, x := range b.IDs {
		if x == n {
			return id, true
		}
	}
	return "", false
}

func menuKey(user string) string {
	sum := sha256.Sum256([]byte(user))
	return hex.EncodeToString(sum[:16])
}

func (m *menus) book(ctx context.Context, user string) (menuBook, error) {
	book := menuBook{Next: 1, IDs: map[string]int{}}
	raw, err := m.vault.Value(ctx, menuBucket, menuKey(user), m.now())
	switch {
	case errors.Is(err, bot.ErrNotFound), errors.Is(err, bot.ErrExpired):
		return book, nil
	case err != nil:
		return book, fmt.Errorf("menu numbers: %w", err)
	}
	if err := json.Unmarshal(raw, &book); err != nil || book.IDs == nil {
		return menuBook{Next: 1, IDs: map[string]int{}}, nil
	}
	return book, nil
}

// numbers gives the number of each button, in order.
func (m *menus) numbers(ctx context.Context, user string, buttons []intake.Button) ([]int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	book, err := m.book(ctx, user)
	if err != nil {
		return nil, err
	}
	out, fresh := make([]int, len(buttons)), false
	for i, b := range buttons {
		n, known := book.IDs[b.ID]
		if !known {
			fresh = true
			n = book.Next
			if old, taken := book.find(n); taken {
				delete(book.IDs, old)
			}
			book.IDs[b.ID] = n
			book.Next = n%menuMost + 1
		}
		out[i] = n
	}
	if !fresh {
		return out, nil
	}
	raw, err := json.Marshal(book)
	if err != nil {
		return nil, err
	}
	return out, m.vault.PutValue(ctx, menuBucket, menuKey(user), raw, m.now().Add(menuLife))
}

// button gives the button a tapped number stands for.
func (m *menus) button(ctx context.Context, user, number string) (id string, ok bool, err error) {
	n, err := strconv.Atoi(number)
	if err != nil {
		return "", false, nil
	}
	book, err := m.book(ctx, user)
	if err != nil {
		return "", false, err
	}
	id, ok = book.find(n)
	return id, ok, nil
}
