package app

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// behindProxy makes the caller of every request who our proxy says it is: the last hop of X-Forwarded-For. Hops before
// it were written by the caller, who may invent them. Where the last hop is no address the connection's own stays.
func behindProxy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ip, ok := lastHop(r.Header.Values("X-Forwarded-For")); ok {
			r = r.WithContext(r.Context()) // a copy: the server's own request is not ours to change
			r.RemoteAddr = net.JoinHostPort(ip.String(), "0")
		}
		next.ServeHTTP(w, r)
	})
}

// lastHop reads the last address of X-Forwarded-For, which may come as several lines; some proxies add a port.
func lastHop(lines []string) (netip.Addr, bool) {
	if len(lines) == 0 {
		return netip.Addr{}, false
	}
	hops := strings.Split(lines[len(lines)-1], ",")
	last := strings.TrimSpace(hops[len(hops)-1])
	if ip, err := netip.ParseAddr(last); err == nil {
		return ip.Unmap(), true
	}
	if ip, err := netip.ParseAddrPort(last); err == nil {
		return ip.Addr().Unmap(), true
	}
	return netip.Addr{}, false
}
