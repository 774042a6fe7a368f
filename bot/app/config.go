package app

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Config is everything an operator can set. Defaults < file < HESHI_* < flags. The zero value of every setting works:
// a fresh folder, this machine only, demo offices, no model.
type Config struct {
	Data   string // folder of the store, of keys and caches
	Listen string // host:port of the web server
	// Public is the address people reach the server under (https://…), for links in messages.
	Public string
	// Operator is the office that answers for this service, shown on the chat page.
	Operator string
	// TrustProxy takes the address of a caller from the last hop of X-Forwarded-For. Set it only behind a proxy of
	// ours: anybody else could write there what they like, and pass every limit.
	TrustProxy bool
	// DemoOffices puts fictional offices into an empty store, so that the whole job can be tried.
	DemoOffices bool
	Lanes       int // conversations worked on at the same time

	TelegramToken  Secret
	TelegramSecret Secret // for the webhook; empty: long polling
	TelegramServer string // another API server, for tests and self-hosted ones
	// TelegramIntake must be set by the operator in writing: without it Telegram gives public information only,
	// because its servers are abroad (个人信息保护法 38, 39).
	TelegramIntake bool

	WeChatAppID       string
	WeChatSecret      Secret
	WeChatToken       Secret
	WeChatAESKey      Secret
	WeChatPassiveOnly bool // the account may not use 客服 messages

	ModelURL   string // OpenAI-compatible address; empty: rules only
	ModelName  string
	ModelToken Secret

	EmbedURL   string // OpenAI-compatible address for vectors of texts; empty: the built-in embedder
	EmbedModel string
	EmbedToken Secret
	EmbedDim   int // numbers in a vector; 0: the server is asked
}

// Secret prints as its length only.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return "(not set)"
	}
	return fmt.Sprintf("(set, %d characters)", len(s))
}

// GoString hides the secret.
func (s Secret) GoString() string { return s.String() }

// DefaultConfig is what runs with no configuration at all.
func DefaultConfig() Config {
	return Config{Data: "heshi-data", Listen: "127.0.0.1:8080", DemoOffices: true, Lanes: 4}
}

// setting ties a name to a field: data-listen in a file, HESHI_DATA_LISTEN in the environment.
type setting struct {
	name, help string
	text       *string
	secret     *Secret
	flag       *bool
	number     *int
}

func (c *Config) settings() []setting {
	return []setting{
		{name: "data", help: "folder for everything kept", text: &c.Data},
		{name: "listen", help: "host:port to serve on", text: &c.Listen},
		{name: "public", help: "address people reach this server under", text: &c.Public},
		{name: "operator", help: "office that answers for this service, shown on the chat page", text: &c.Operator},
		{name: "trust-proxy", help: "behind a proxy of ours: callers' addresses are in X-Forwarded-For", flag: &c.TrustProxy},
		{name: "demo-offices", help: "fictional offices when there are none", flag: &c.DemoOffices},
		{name: "lanes", help: "conversations worked on at the same time", number: &c.Lanes},
		{name: "telegram-token", help: "Telegram bot token", secret: &c.TelegramToken},
		{name: "telegram-secret", help: "Telegram webhook secret; without it long polling", secret: &c.TelegramSecret},
		{name: "telegram-server", help: "Telegram API server", text: &c.TelegramServer},
		{name: "telegram-intake", help: "let Telegram take personal data abroad: the operator's written decision", flag: &c.TelegramIntake},
		{name: "wechat-appid", help: "WeChat official account app id", text: &c.WeChatAppID},
		{name: "wechat-secret", help: "WeChat app secret", secret: &c.WeChatSecret},
		{name: "wechat-token", help: "WeChat message token", secret: &c.WeChatToken},
		{name: "wechat-aeskey", help: "WeChat EncodingAESKey", secret: &c.WeChatAESKey},
		{name: "wechat-passive-only", help: "the account may not use customer service messages", flag: &c.WeChatPassiveOnly},
		{name: "model-url", help: "OpenAI-compatible address; empty: rules only", text: &c.ModelURL},
		{name: "model-name", help: "model to use there", text: &c.ModelName},
		{name: "model-token", help: "token for the model", secret: &c.ModelToken},
		{name: "embed-url", help: "OpenAI-compatible address for vectors, up to /v1; empty: built in", text: &c.EmbedURL},
		{name: "embed-model", help: "embedding model to use there", text: &c.EmbedModel},
		{name: "embed-token", help: "token for it; a local server may need none", secret: &c.EmbedToken},
		{name: "embed-dim", help: "numbers in its vectors; 0: the server is asked", number: &c.EmbedDim},
	}
}

// ErrConfig wraps every fault of a configuration. Its text says what was wrong, where, and what to do.
var ErrConfig = errors.New("configuration")

// Load reads file (heshi.yaml in the data folder when empty and there) and the environment over the defaults.
// environ is os.Environ(); data, when given, is the -data flag and wins.
func Load(file, data string, environ []string) (Config, error) {
	c := DefaultConfig()
	env := map[string]string{}
	for _, kv := range environ {
		if k, v, ok := strings.Cut(kv, "="); ok {
			env[k] = v
		}
	}
	if v := env["HESHI_DATA"]; v != "" {
		c.Data = v
	}
	if data != "" {
		c.Data = data
	}
	optional := file == ""
	if optional {
		file = filepath.Join(c.Data, "heshi.yaml")
	}
	if err := c.readFile(file, optional); err != nil {
		return c, err
	}
	if err := c.readEnv(env); err != nil {
		return c, err
	}
	if data != "" {
		c.Data = data
	}
	return c, c.check()
}

func (c *Config) readFile(file string, optional bool) error {
	raw, err := os.ReadFile(file)
	if optional && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	var values map[string]string
	if err := yaml.Unmarshal(raw, &values); err != nil {
		return fmt.Errorf("%w: %s must be a list of `name: value` lines: %w", ErrConfig, file, err)
	}
	names := make([]string, 0, len(values))
	for n := range values {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		if err := c.set(n, values[n], file); err != nil {
			return err
		}
	}
	return nil
}

func (c *Config) readEnv(env map[string]string) error {
	for _, s := range c.settings() {
		name := "HESHI_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
		if v, ok := env[name]; ok {
			if err := c.set(s.name, v, name); err != nil {
				return err
			}
		}
		if path, ok := env[name+"_FILE"]; ok && s.secret != nil {
			raw, err := os.ReadFile(path)
			if err != nil {
				return fmt.Errorf("%w: %s_FILE: %w", ErrConfig, name, err)
			}
			*s.secret = Secret(strings.TrimSpace(string(raw)))
		}
	}
	return nil
}

func (c *Config) set(name, value, where string) error {
	for _, s := range c.settings() {
		if s.name != name {
			continue
		}
		var err error
		switch {
		case s.text != nil:
			*s.text = value
		case s.secret != nil:
			*s.secret = Secret(value)
		case s.flag != nil:
			*s.flag, err = strconv.ParseBool(value)
		case s.number != nil:
			*s.number, err = strconv.Atoi(value)
		}
		if err != nil {
			return fmt.Errorf("%w: %s: %s must be %s, not a text", ErrConfig, where, name, map[bool]string{true: "true or false", false: "a whole number"}[s.flag != nil])
		}
		return nil
	}
	return fmt.Errorf("%w: %s: there is no setting %q; `heshi doctor` lists them", ErrConfig, where, name)
}

// check finds settings that cannot work together.
func (c *Config) check() error {
	switch {
	case c.Data == "":
		return fmt.Errorf("%w: data: a folder is needed, such as ./heshi-data", ErrConfig)
	case c.WeChatAppID != "" && (c.WeChatToken == "" || c.WeChatSecret == ""):
		return fmt.Errorf("%w: wechat-appid is set, so wechat-token and wechat-secret are needed too", ErrConfig)
	case c.WeChatAESKey != "" && len(c.WeChatAESKey) != 43:
		return fmt.Errorf("%w: wechat-aeskey must have 43 characters, it has %d: copy it again from the account's settings", ErrConfig, len(c.WeChatAESKey))
	case c.ModelURL != "" && c.ModelName == "":
		return fmt.Errorf("%w: model-url is set, so model-name is needed too", ErrConfig)
	case c.EmbedURL != "" && c.EmbedModel == "":
		return fmt.Errorf("%w: embed-url is set, so embed-model is needed too", ErrConfig)
	case hasPassword(c.EmbedURL):
		return fmt.Errorf("%w: embed-url: a password does not belong in an address: use embed-token", ErrConfig)
	case c.EmbedDim < 0:
		return fmt.Errorf("%w: embed-dim must be 0 or the number of numbers in a vector", ErrConfig)
	case c.Lanes < 1:
		return fmt.Errorf("%w: lanes must be at least 1", ErrConfig)
	}
	return nil
}

// hasPassword reports an address with a name and password in it, which would be printed and logged.
func hasPassword(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.User != nil
}

// base is the address people reach the server under.
func (c Config) base() string {
	if c.Public != "" {
		return c.Public
	}
	return "http://" + c.Listen
}

// https reports whether people reach the server encrypted, so that cookies are for that alone.
func (c Config) https() bool { return strings.HasPrefix(strings.ToLower(c.Public), "https://") }

// Describe lists every setting with its value, secrets redacted: what `heshi doctor` prints.
func (c Config) Describe() []string {
	var out []string
	for _, s := range c.settings() {
		v := ""
		switch {
		case s.text != nil:
			v = *s.text
		case s.secret != nil:
			v = s.secret.String()
		case s.flag != nil:
			v = strconv.FormatBool(*s.flag)
		case s.number != nil:
			v = strconv.Itoa(*s.number)
		}
		out = append(out, fmt.Sprintf("%-20s %-28s %s", s.name, v, s.help))
	}
	return out
}
