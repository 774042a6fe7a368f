package desk

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"heshi/bot"
)

// How long a sign-in lasts without a click, and at most.
const (
	idleTime     = 30 * time.Minute
	absoluteTime = 12 * time.Hour
	// touchAfter is how old the last sign of life may be before it is written again: a page view within the same
	// minute costs no write.
	touchAfter = time.Minute
)

const sessionBucket = "desk-session"

// vaultSessions keeps scs sessions in the bot's Vault, so that a restart signs nobody out and several servers share
// one truth. The end of a session is counted on the desk's own clock.
type vaultSessions struct {
	vault bot.Vault
	now   func() time.Time
}

var _ scs.CtxStore = vaultSessions{}

// FindCtx gives the data of a session, or found=false for one that is unknown or has ended.
func (v vaultSessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	data, err = v.vault.Value(ctx, sessionBucket, token, v.now())
	if errors.Is(err, bot.ErrNotFound) || errors.Is(err, bot.ErrExpired) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx writes a session. It ends after idleTime without another write; touch writes it again in time.
func (v vaultSessions) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	return v.vault.PutValue(ctx, sessionBucket, token, data, v.now().Add(idleTime+touchAfter))
}

// DeleteCtx removes a session; one that is not there is no error.
func (v vaultSessions) DeleteCtx(ctx context.Context, token string) error {
	err := v.vault.DeleteValue(ctx, sessionBucket, token)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	return err
}

// Find, Commit and Delete are what scs calls for stores without a context; it never does for this one.
func (v vaultSessions) Find(token string) ([]byte, bool, error) {
	return v.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (v vaultSessions) Commit(token string, data []byte, end time.Time) error {
	return v.CommitCtx(context.Background(), token, data, end)
}

// Delete is DeleteCtx without a context.
func (v vaultSessions) Delete(token string) error { return v.DeleteCtx(context.Background(), token) }

func newSessions(vault bot.Vault, now func() time.Time) *scs.SessionManager {
	s := scs.New()
	s.Store = vaultSessions{vault: vault, now: now}
	s.HashTokenInStore = true // who reads the store cannot sign in with it
	s.Lifetime = absoluteTime
	s.Cookie.Name = "heshi_desk"
	s.Cookie.Path = "/desk"
	s.Cookie.HttpOnly = true
	s.Cookie.SameSite = http.SameSiteLaxMode
	s.Cookie.Persist = false // ends with the browser, on shared machines too
	return s
}

// Keys of the session's data.
const (
	keyStaff = "staff" // staff id
	keyStamp = "stamp" // which password opened it: changing the password ends every other session
	keyCSRF  = "csrf"
	keySince = "since" // unix seconds of the sign-in
	keySeen  = "seen"  // unix seconds of the last click
	keyFlash = "flash" // a line to show once on the next page
	keyTerm  = "term"  // a word looked up, until the page that shows it
)

// alive reports whether the session of r may still be used at now, and notes the sign of life. What the page asks
// for by itself is none: a desk left alone signs out however busy its threads are.
func (d *Desk) alive(r *http.Request, now time.Time) bool {
	ctx := r.Context()
	since := time.Unix(d.sessions.GetInt64(ctx, keySince), 0)
	seen := time.Unix(d.sessions.GetInt64(ctx, keySeen), 0)
	if now.Sub(since) > absoluteTime || now.Sub(seen) > idleTime {
		return false
	}
	if now.Sub(seen) >= touchAfter && r.Header.Get("X-Live") == "" {
		d.sessions.Put(ctx, keySeen, now.Unix())
	}
	return true
}
