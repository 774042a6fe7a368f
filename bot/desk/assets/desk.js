// Live updates and keys. Everything works without this file.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const $ = (s, at = document) => at.querySelector(s);
  const all = (s, at = document) => [...at.querySelectorAll(s)];

  all("select[data-submit]").forEach(s => s.addEventListener("change", () => s.form.submit()));
  document.addEventListener("focusin", e => { if (e.target.matches("input.copy")) e.target.select(); });
  const down = () => all(".bubbles").forEach(b => { b.scrollTop = b.scrollHeight; });
  down();

  // A word is looked up without leaving the page.
  document.addEventListener("submit", async e => {
    const box = e.target.closest("#term");
    if (!box) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    try {
      const r = await fetch(e.target.action, { method: "POST", body: new URLSearchParams(new FormData(e.target)), headers: { "X-Part": "term" }, redirect: "error" });
      if (!r.ok) throw r.status;
      const fresh = new DOMParser().parseFromString(await r.text(), "text/html").getElementById("term");
      $("[role=status]", box).replaceChildren(...$("[role=status]", fresh).childNodes);
      $("#word").select();
    } catch { e.target.submit(); }
  });

  // A form is sent once: a second press while the page loads does nothing.
  document.addEventListener("submit", e => {
    if (e.target.dataset.sent) { e.preventDefault(); return; }
    e.target.dataset.sent = "1";
    setTimeout(() => { delete e.target.dataset.sent; }, 4000);
  });

  // What is half written survives a lost session or a mistaken click: kept in this tab only, until it is sent.
  const draft = t => location.pathname + " " + t.dataset.draft;
  all("textarea[data-draft]").forEach(t => {
    const kept = sessionStorage.getItem(draft(t));
    if (kept && !t.value) {
      t.value = kept;
      const box = t.closest("details");
      if (box) box.open = true;
    }
    t.addEventListener("input", () => t.value.trim() ? sessionStorage.setItem(draft(t), t.value) : sessionStorage.removeItem(draft(t)));
  });
  const sent = sessionStorage.getItem("sent");
  if (sent && $(".flash[data-done]")) { sessionStorage.removeItem(sent); all("textarea[data-draft]").forEach(t => { if (draft(t) === sent) t.value = t.defaultValue; }); }
  sessionStorage.removeItem("sent");
  document.addEventListener("submit", e => {
    const t = $("textarea[data-draft]", e.target);
    if (t) sessionStorage.setItem("sent", draft(t));
    if (e.target.matches("[data-out]")) sessionStorage.clear();
  });

  // Live parts: the server says only "changed"; the page fetches itself and replaces the parts that show.
  const live = $("[data-live]");
  if (live && window.EventSource) {
    let stream, busy = false, again = false;
    const refresh = async () => {
      if (busy) { again = true; return; }
      busy = true;
      try {
        const r = await fetch(location.pathname + location.search, { headers: { "X-Live": "1" }, redirect: "manual" });
        if (r.type === "opaqueredirect") { location.reload(); return; }
        if (!r.ok) return;
        const fresh = new DOMParser().parseFromString(await r.text(), "text/html");
        all("[data-part]").forEach(to => {
          const from = fresh.getElementById(to.id);
          if (!from || from.innerHTML === to.innerHTML) return;
          const news = $("[data-news]");
          if (news && (to.id === "meta" || to.contains(document.activeElement))) news.classList.remove("unseen");
          if (to.contains(document.activeElement) && to !== document.activeElement) return;
          to.replaceChildren(...from.childNodes);
        });
        down();
      } catch { /* the network is away: the stream comes back and says so again */ } finally {
        busy = false;
        if (again) { again = false; refresh(); }
      }
    };
    const open = () => {
      stream = new EventSource(live.dataset.live);
      stream.addEventListener("changed", refresh);
    };
    open();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) { stream.close(); } else { open(); refresh(); }
    });
  }

  // Keys: / finds, j and k move in the queue, Enter opens, r replies, Ctrl+Enter sends.
  let at = -1;
  document.addEventListener("keydown", e => {
    const field = e.target.closest("input,textarea,select");
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && e.target.matches("[data-send]")) {
      e.target.form.requestSubmit();
      return;
    }
    if (field || e.ctrlKey || e.metaKey || e.altKey) return;
    const rows = all("[data-row]");
    if (e.key === "/" && $("[data-key='/']")) { e.preventDefault(); $("[data-key='/']").focus(); }
    else if (e.key === "r" && $("#reply textarea")) { e.preventDefault(); $("#reply textarea").focus(); }
    else if ((e.key === "j" || e.key === "k") && rows.length) {
      at = Math.min(rows.length - 1, Math.max(0, at + (e.key === "j" ? 1 : -1)));
      rows.forEach((r, i) => r.classList.toggle("at", i === at));
      $(".what a", rows[at]).focus();
      rows[at].scrollIntoView({ block: "nearest" });
    }
  });
})();
