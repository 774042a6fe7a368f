package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"heshi/bot"
	"heshi/bot/channel/telegram"
	"heshi/bot/channel/web"
	"heshi/bot/channel/wechat"
	"heshi/bot/desk"
	"heshi/bot/store/sqlite"
	"heshi/intake"
)

// App is the running service: a store, an engine, its workers, the sender, the channels and the desk.
type App struct {
	Config  Config
	Brain   *Brain
	Store   bot.Store
	Engine  *bot.Engine
	Handler http.Handler
	// SetupLink is the one-time link for the first administrator; empty once there is one.
	SetupLink string

	log       *slog.Logger
	signal    *bot.Signal
	gateway   *bot.Gateway
	worker    *bot.Worker
	sender    *bot.Sender
	reminder  *bot.Reminder
	retention *bot.Retention
	channels  map[string]bot.Channel
	desk      *desk.Desk
	now       func() time.Time
}

// Options are what a test may put in the place of the real thing: clock, ids, further channels.
type Options struct {
	Now          func() time.Time
	NewID        func() string
	Channels     []bot.Channel
	WeChatClient *http.Client
	// TelegramRate is messages a second; 0 means Telegram's own limits, negative none.
	TelegramRate float64
}

// Open starts from a folder: the store is opened and put right after a crash, demo offices fill an empty one, and
// everything is wired. Nothing runs before Run.
func Open(ctx context.Context, log *slog.Logger, cfg Config, o Options) (a *App, err error) {
	if o.Now == nil {
		o.Now = Clock
	}
	if o.NewID == nil {
		o.NewID = NewID
	}
	brain, err := Think(ctx, log, cfg)
	if err != nil {
		return nil, err
	}
	store, err := OpenStore(ctx, log, cfg)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, store.Close())
		}
	}()
	a = &App{Config: cfg, Brain: brain, Store: store, log: log, signal: bot.NewSignal(), now: o.Now}
	recovered, err := store.Recover(ctx, o.Now())
	if err != nil {
		return nil, err
	}
	if recovered != (bot.Recovered{}) {
		log.Info("put right after an unclean stop", "leases", recovered.Leases, "resent", recovered.Resent, "unknown", recovered.Unknown)
	}
	if err := a.offices(ctx); err != nil {
		return nil, err
	}
	a.Engine = brain.Engine(log, cfg, store, o.Now, o.NewID)
	a.gateway = &bot.Gateway{Store: store, Signal: a.signal, Now: o.Now}
	if err := a.connect(o); err != nil {
		return nil, err
	}
	a.worker = &bot.Worker{Log: log, Store: store, Engine: a.Engine, Signal: a.signal, Fetch: a.fetch, Now: o.Now, Lanes: cfg.Lanes}
	a.sender = &bot.Sender{Log: log, Store: store, Channels: a.channels, Signal: a.signal, Now: o.Now, Parallel: 16}
	a.reminder = &bot.Reminder{Log: log, Store: store, Engine: a.Engine, Signal: a.signal, Now: o.Now}
	a.retention = &bot.Retention{Log: log, Store: store, Now: o.Now}
	a.SetupLink, err = a.setup(ctx)
	return a, err
}

// OpenStore opens the folder of cfg, sealed with the key file beside it.
func OpenStore(ctx context.Context, log *slog.Logger, cfg Config) (bot.Store, error) {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("%w: data: %w", ErrConfig, err)
	}
	// A folder that has a store has its key: making a new one would only hide that the old one is lost.
	_, err := os.Stat(filepath.Join(cfg.Data, "heshi.db"))
	key, err := sqlite.KeyFile(filepath.Join(cfg.Data, "heshi.key"), errors.Is(err, fs.ErrNotExist))
	if err != nil {
		return nil, err
	}
	return sqlite.Open(ctx, log, cfg.Data, sqlite.Options{Sealer: key})
}

// offices fills a store that has none with the fictional ones, so that the whole job can be tried.
func (a *App) offices(ctx context.Context) error {
	have, err := a.Store.Offices(ctx)
	if err != nil || len(have) > 0 || !a.Config.DemoOffices {
		return err
	}
	demo, err := intake.DemoOffices()
	if err != nil {
		return err
	}
	for _, o := range demo {
		if err := a.Store.SaveOffice(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// connect makes the channels that are configured and the pages, and puts their routes together.
func (a *App) connect(o Options) error {
	cfg, say := a.Config, a.Brain.Catalog
	a.channels = map[string]bot.Channel{}
	page, err := web.New(a.log, say, a.Store, a.signal, web.Options{Operator: cfg.Operator, Secure: cfg.https(), Now: o.Now})
	if err != nil {
		return err
	}
	a.channels[page.Name()] = page
	if cfg.TelegramToken != "" {
		tg, err := telegram.New(a.log, say, telegram.Options{
			Token: string(cfg.TelegramToken), Secret: string(cfg.TelegramSecret), ServerURL: cfg.TelegramServer,
			Public: !cfg.TelegramIntake, Now: o.Now, ChatRate: o.TelegramRate, AllRate: o.TelegramRate,
		})
		if err != nil {
			return err
		}
		a.channels[tg.Name()] = tg
	}
	if cfg.WeChatAppID != "" {
		if o.WeChatClient == nil {
			o.WeChatClient = &http.Client{Timeout: 5 * time.Second}
		}
		wechat.SetHTTPClient(o.WeChatClient)
		wx, err := wechat.New(a.log, say, a.Store, wechat.Options{
			AppID: cfg.WeChatAppID, Secret: string(cfg.WeChatSecret), Token: string(cfg.WeChatToken), AESKey: string(cfg.WeChatAESKey),
			PassiveOnly: cfg.WeChatPassiveOnly, Now: o.Now,
		})
		if err != nil {
			return err
		}
		a.channels[wx.Name()] = wx
	}
	for _, c := range o.Channels {
		a.channels[c.Name()] = c
	}
	a.desk = desk.New(a.log, a.Store, say, a.Brain.Book, a.Brain.Library.Taxonomy, advisor{func() *bot.Finder { return a.Brain.Edition().Finder() }}, a.signal, o.Now, o.NewID)
	a.desk.Secure = cfg.https()
	a.desk.Nudge = func() { a.signal.Outbox(bot.Address{}, "") }
	mux := http.NewServeMux()
	for _, c := range a.channels {
		if r, ok := c.(bot.Receiver); ok {
			r.Register(mux, a.gateway)
		}
	}
	a.desk.Register(mux)
	mux.HandleFunc("GET /healthz", a.health)
	mux.Handle("GET /{$}", http.RedirectHandler("/chat", http.StatusFound))
	a.Handler = mux
	if cfg.TrustProxy {
		a.Handler = behindProxy(mux)
	}
	return nil
}

// health answers 200 while the store can be read, with how much waits. It says nothing about anybody.
func (a *App) health(w http.ResponseWriter, r *http.Request) {
	n, err := a.Store.Pending(r.Context())
	if err != nil {
		http.Error(w, "the store cannot be read", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintf(w, "ok pending=%d\n", n)
}

// Run serves until ctx ends, then stops in reverse order: no new requests, the turn in hand is finished, the store closed.
func (a *App) Run(ctx context.Context, l net.Listener) error {
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	wg.Go(func() { a.worker.Run(work) })
	wg.Go(func() { a.sender.Run(work) })
	wg.Go(func() { a.reminder.Run(work) })
	wg.Go(func() { a.retention.Run(work) })
	wg.Go(func() { a.Brain.Follow(work, a.log) })
	for name, c := range a.channels {
		if p, ok := c.(bot.Poller); ok && a.polls(name) {
			wg.Go(func() {
				if err := p.Poll(work, a.gateway); err != nil && work.Err() == nil {
					a.log.Error("polling ended", "channel", name, "err", err)
				}
			})
		}
	}
	server := &http.Server{
		Handler: a.Handler, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	var err error
	select {
	case <-ctx.Done():
		a.desk.Close()
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if server.Shutdown(stop) != nil {
			err = server.Close()
		}
	case err = <-failed:
	}
	stopWork()
	wg.Wait()
	return errors.Join(err, a.Store.Close())
}

// polls reports whether a channel that could poll should: Telegram without a webhook secret.
func (a *App) polls(name string) bool {
	return name != "telegram" || a.Config.TelegramSecret == ""
}

// Close ends an App that never ran.
func (a *App) Close() error {
	a.desk.Close()
	return a.Store.Close()
}

// Invite adds a member of staff who has no password yet, and gives the one-time link to choose one.
func (a *App) Invite(ctx context.Context, s bot.Staff) (string, error) {
	s.ID, s.Created = a.Engine.NewID(), a.now()
	if err := a.Store.SaveStaff(ctx, s); err != nil {
		return "", fmt.Errorf("%s cannot be added: %w", s.Login, err)
	}
	path, err := a.desk.InviteLink(ctx, s)
	return strings.TrimRight(a.Config.base(), "/") + path, err
}

// NewID gives 128 random bits in hexadecimal.
func NewID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}
