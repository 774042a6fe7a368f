// The page works without this. With it: messages go without reloading, answers come by themselves, and what could not
// be sent stays on the page with a way to send it again.
(function () {
  "use strict";
  var $ = function (id) { return document.getElementById(id); };
  var log = $("log"), form = $("say"), text = $("text"), file = $("file"), wait = $("wait"), offline = $("offline");
  var csrf = form.elements.csrf.value, last = Number(log.dataset.last) || 0, most = 20 * 1024 * 1024;
  document.documentElement.classList.add("js");

  function words(key) { return form.dataset[key] || ""; }
  function fresh() {
    var b = new Uint8Array(12);
    crypto.getRandomValues(b);
    return Array.from(b, function (x) { return x.toString(16).padStart(2, "0"); }).join("");
  }
  function end() { window.scrollTo({ top: document.documentElement.scrollHeight }); }

  // A bubble of one's own, as soon as it is said.
  function mine(lines) {
    var li = document.createElement("article"), who = document.createElement("div"), bubble = document.createElement("div");
    li.className = "msg me";
    who.className = "who";
    who.textContent = words("you") + " " + new Date().toTimeString().slice(0, 5);
    bubble.className = "bubble";
    lines.forEach(function (l) {
      var d = document.createElement("div");
      d.className = l.file ? "b file" : "b";
      if (/[\u1800-\u18af]/.test(l.text) && !/[\u4e00-\u9fff]/.test(l.text)) { d.lang = "mn-Mong"; }
      d.textContent = l.text;
      bubble.appendChild(d);
    });
    li.append(who, bubble);
    log.appendChild(li);
    var empty = $("empty");
    if (empty) { empty.remove(); }
    end();
    return li;
  }

  // post sends data; li is its bubble. The same data keeps its id, so that sending it again says it only once.
  function post(data, li) {
    li.classList.remove("unsent");
    var old = li.querySelector(".problem, .again");
    while (old) { old.remove(); old = li.querySelector(".problem, .again"); }
    wait.hidden = false;
    end();
    fetch("/chat/say", { method: "POST", body: data, headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (r) {
        return r.json().catch(function () { return {}; }).then(function (body) {
          if (!r.ok) { throw new Error(body.error || ""); }
        });
      })
      .catch(function (err) {
        var why = err instanceof TypeError ? "" : err.message;
        wait.hidden = true;
        li.classList.add("unsent");
        if (why) {
          var p = document.createElement("p");
          p.className = "problem";
          p.setAttribute("role", "alert");
          p.textContent = why;
          li.appendChild(p);
        }
        var again = document.createElement("button");
        again.type = "button";
        again.className = "again";
        again.textContent = words("unsent");
        again.addEventListener("click", function () { post(data, li); });
        li.appendChild(again);
        end();
      });
  }

  function newData() {
    var d = new FormData();
    d.append("csrf", csrf);
    d.append("id", fresh());
    return d;
  }

  form.addEventListener("submit", function (e) {
    e.preventDefault();
    var said = text.value.trim(), files = Array.from(file.files), lines = [], data = newData();
    if (!said && !files.length) { text.focus(); return; }
    if (files.reduce(function (n, f) { return n + f.size; }, 0) > most) { chosen(words("big")); return; }
    if (said) { data.append("text", said); lines.push({ text: said }); }
    files.forEach(function (f) { data.append("file", f); lines.push({ text: f.name, file: true }); });
    post(data, mine(lines));
    text.value = "";
    file.value = "";
    chosen("");
    grow();
    text.focus();
  });

  // Buttons under an answer, and the examples.
  document.addEventListener("submit", function (e) {
    var f = e.target, b = e.submitter;
    if (!f.matches(".choices, .examples") || !b) { return; }
    e.preventDefault();
    var data = newData();
    data.append(b.name, b.value);
    post(data, mine([{ text: b.textContent.trim() }]));
    if (f.matches(".choices")) { f.remove(); }
    text.focus({ preventScroll: true });
  });

  text.addEventListener("keydown", function (e) {
    // Enter sends where there is a keyboard, but never while a word is still being composed.
    if (e.key === "Enter" && !e.shiftKey && !e.isComposing && e.keyCode !== 229 && !matchMedia("(pointer: coarse)").matches) {
      e.preventDefault();
      form.requestSubmit();
    }
  });
  function grow() { text.style.height = ""; if (text.scrollHeight > text.clientHeight) { text.style.height = text.scrollHeight + 4 + "px"; } }
  text.addEventListener("input", function () {
    if (!text.value.trim()) { text.value = ""; } // a line end that came after Enter had sent
    grow();
  });

  function chosen(s) { $("chosen").textContent = s; $("chosen").hidden = !s; }
  file.addEventListener("change", function () {
    chosen(Array.from(file.files, function (f) { return f.name; }).join("、"));
  });

  if (navigator.geolocation) {
    var place = $("place");
    place.hidden = false;
    place.addEventListener("click", function () {
      place.disabled = true;
      navigator.geolocation.getCurrentPosition(function (p) {
        place.disabled = false;
        var data = newData();
        data.append("lat", p.coords.latitude.toFixed(6));
        data.append("lon", p.coords.longitude.toFixed(6));
        post(data, mine([{ text: words("place") + " " + p.coords.latitude.toFixed(4) + ", " + p.coords.longitude.toFixed(4), file: true }]));
      }, function () {
        place.disabled = false;
        chosen(words("noplace"));
      }, { timeout: 15000, maximumAge: 60000 });
    });
  }

  // Answers. The browser reconnects by itself and says what it had last.
  var source = null;
  function listen() {
    if (source) { source.close(); }
    source = new EventSource("/chat/events?after=" + last);
    source.onmessage = function (e) {
      var m = JSON.parse(e.data);
      if (m.seq <= last) { return; }
      last = m.seq;
      // Only the buttons of the last turn can be pressed.
      if (m.cause) {
        log.querySelectorAll(".choices").forEach(function (f) {
          if (f.closest(".msg").dataset.cause !== m.cause) { f.remove(); }
        });
      }
      var empty = $("empty");
      if (empty) { empty.remove(); }
      var atEnd = window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 400;
      log.insertAdjacentHTML("beforeend", m.html);
      wait.hidden = true;
      if (atEnd) { log.lastElementChild.scrollIntoView({ block: "nearest" }); end(); }
    };
    source.onopen = function () { offline.hidden = navigator.onLine; };
    source.onerror = function () {
      if (source.readyState === 2) { setTimeout(listen, 5000); }
    };
  }
  listen();
  window.addEventListener("online", function () { offline.hidden = true; listen(); });
  window.addEventListener("offline", function () { offline.hidden = false; end(); });
  offline.hidden = navigator.onLine;

  // Leaving quickly leaves no way back with the back button. Shift three times does it from the keyboard.
  var exit = $("exit"), shifts = 0, when = 0;
  function go(e) { if (e) { e.preventDefault(); } document.body.hidden = true; location.replace(exit.href); }
  exit.addEventListener("click", go);
  document.addEventListener("keyup", function (e) {
    if (e.key !== "Shift") { shifts = 0; return; }
    var now = Date.now();
    shifts = now - when < 1000 ? shifts + 1 : 1;
    when = now;
    if (shifts === 3) { go(); }
  });

  if (log.children.length || location.hash === "#end") { end(); }
  var problem = $("problem");
  if (problem) { problem.focus(); }
})();
