package channel

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"
)

// Fault names what kind of network trouble err is, in one word that is safe to log and to store: the error's own
// text may hold an address with a token in it.
func Fault(err error) string {
	var netErr net.Error
	var dns *net.DNSError
	var cert *x509.UnknownAuthorityError
	switch {
	case err == nil:
		return ""
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		return "timeout"
	case errors.As(err, &dns):
		return "dns"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "reset"
	case errors.As(err, &cert):
		return "certificate"
	}
	return "network"
}

// Backoff is how long to wait before trying a reply again that was tried attempts times: 2 s, 4 s, … up to 5 min.
func Backoff(attempts int) time.Duration {
	if attempts < 0 {
		attempts = 0
	}
	if attempts > 8 {
		return 5 * time.Minute
	}
	return min(2*time.Second<<attempts, 5*time.Minute)
}

// Clean makes text from outside safe to keep: valid UTF-8, no NUL, line ends as \n. It keeps everything else,
// Mongolian joiners and variation selectors included, and never shortens.
func Clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.ContainsRune(s, 0) {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	if strings.Contains(s, "\r") {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return s
}
