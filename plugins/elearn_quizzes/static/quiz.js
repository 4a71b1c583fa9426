/* What JavaScript adds to quizzes: answers saved as they are given and kept through a lost line, the clock, self-checks in place.
   Everything works without it: each page is a form. */
(() => {
  "use strict";

  // -- what this browser holds: answers that the server has not yet said it keeps ------------------------------------------
  const box = document.querySelector("[data-attempt]");
  const form = document.querySelector("form[data-answer]");
  const key = box && `unsent:${box.dataset.attempt}`;
  let held = {};
  const waiting = () => {
    try { held = JSON.parse(localStorage.getItem(key) || "{}"); } catch { /* no storage: this page alone remembers */ }
    return held;
  };
  const keep = (all) => {
    held = all;
    try {
      if (Object.keys(all).length) localStorage.setItem(key, JSON.stringify(all));
      else localStorage.removeItem(key);
    } catch { /* full or forbidden */ }
  };
  const change = (act) => { const all = waiting(); act(all); keep(all); };
  // The browser's own number outlives a sign-in, so that what waited here is not taken for another device's.
  const device = (() => {
    try {
      let own = localStorage.getItem("kuis-perangkat");
      if (!own) localStorage.setItem("kuis-perangkat", own = String(2 ** 40 + Math.floor(Math.random() * 2 ** 50)));
      return own;
    } catch { return ""; }
  })();

  // -- what is said: quietly how it stands, aloud what went wrong -----------------------------------------------------------
  const words = box ? box.dataset : {};
  const say = (text) => { const line = document.querySelector("[data-status]"); if (line) line.textContent = text; };
  const warn = (text, address, label) => {
    const note = box?.querySelector("[data-alert]");
    if (!note) return;
    const link = note.querySelector("a");
    note.hidden = !text;
    note.querySelector("span").textContent = text || "";
    link.hidden = !address;
    if (address) Object.assign(link, { href: address, textContent: label });
  };
  const here = () => location.pathname + location.search;

  // -- sending: all that waits in one message; the server keeps all of it or nothing, and the same again changes nothing -----
  let busy = null, stopped = false, asks = {};
  const send = async () => {
    const sent = Object.entries(waiting());
    const held = () => say(words.held.replace("%", sent.length));
    if (!sent.length) return;
    if (stopped) return held();
    const body = JSON.stringify({ device, answers: sent.map(([item, one]) => ({ item, seq: one.seq, seen: one.seen, answer: one.answer })) });
    const headers = { "X-CSRFToken": words.token, Accept: "application/json", "Content-Type": "application/json" };
    // A line may swallow what it is given and say nothing for minutes: that is told soon, and tried anew.
    const given = new AbortController(), waits = () => say(words.waiting.replace("%", sent.length));
    const timers = [setTimeout(waits, 10_000), setTimeout(() => given.abort(), 60_000)];
    let answer, told;
    try {
      answer = await fetch(words.attempt + "/simpan", { method: "POST", body, headers, signal: given.signal });
      told = await answer.json().catch(() => null);
    } finally {
      timers.forEach(clearTimeout);
    }
    if (answer.status === 401 || answer.status === 400) {
      stopped = true; // until the page is opened anew, after signing in
      warn(words.ended, answer.status === 401 ? `/masuk?lanjut=${encodeURIComponent(here())}` : here(), answer.status === 401 ? words.enter : words.again);
      return held();
    }
    if (!told || (!answer.ok && answer.status !== 409 && answer.status !== 422)) throw new Error(String(answer.status));
    change((all) => { for (const [item, one] of sent) if (all[item]?.seq === one.seq) delete all[item]; });
    if (answer.ok && !told.late) {
      warn("");
      return say(`${words.saved} ${told.saved}`);
    }
    say("");
    asks = told.address ? told : {};
    warn(told.error, told.address || (told.code === "closed" ? words.attempt + "/hasil" : ""), told.address ? words.choose : words.result);
  };
  let turns = 0; // one is under way and one waits: what is given meanwhile goes with that one
  const flush = () => {
    if (turns < 2) {
      turns += 1;
      busy = (busy || Promise.resolve()).then(send).catch(() => {
        say(words.waiting.replace("%", Object.keys(waiting()).length));
        if (navigator.onLine) warn(words.lost); // without any line, the page's own banner says so
      }).finally(() => { turns -= 1; });
    }
    return busy;
  };
  const left = () => Object.keys(waiting()).length;
  if (key) {
    addEventListener("online", flush);
    document.addEventListener("visibilitychange", () => { if (document.hidden && left()) flush(); });
    if (left()) flush();
    setInterval(() => { if (left()) flush(); }, 5000);
  }

  // -- answering ------------------------------------------------------------------------------------------------------------
  if (form) {
    const field = (name) => form.querySelector(`[name=${name}]`);
    const item = field("item").value, seen = Number(field("seen").value);
    field("device").value = device;
    // A phone's clock may run behind the one that timed the answer shown here, or be set back: what is given later counts as later.
    let last = Number(form.dataset.after);
    const hold = () => change((all) => {
      last = Math.max(Date.now(), last + 1, (all[item]?.seq || 0) + 1);
      all[item] = { seq: last, seen, answer: new FormData(form).getAll("answer") };
    });
    const put = () => { hold(); say(words.saving); return flush(); };
    let timer;
    form.addEventListener("change", ({ target }) => {
      clearTimeout(timer);
      if (!["text", "textarea"].includes(target.type)) put();
      else if (waiting()[item]) flush();
    });
    form.addEventListener("input", (event) => {
      const { type } = event.target;
      if (type !== "text" && type !== "textarea") return;
      hold(); // kept here with each letter, sent when the typing rests
      clearTimeout(timer);
      timer = setTimeout(() => { say(words.saving); flush(); }, type === "text" ? 800 : 3000);
    });
    // An answer that still waits for the line shows again after a reload.
    const kept = waiting()[item];
    if (kept) {
      form.querySelectorAll("[name=answer]").forEach((input, at) => {
        if (input.type === "radio" || input.type === "checkbox") input.checked = kept.answer.includes(input.value);
        else input.value = kept.answer[at] || "";
      });
    }
    // "Go on" first brings what waits to the server; without a line it stays here, and so does the learner.
    form.addEventListener("submit", async (event) => {
      const button = event.submitter, address = button?.dataset.go;
      clearTimeout(timer);
      const mine = waiting()[item];
      if (!address) { // opening a hint, which the form itself asks for
        if (mine) field("seq").value = mine.seq;
        return;
      }
      event.preventDefault();
      if (mine) { say(words.saving); await flush(); }
      if (stopped) box.querySelector("[data-alert] a").focus(); // the way on, above what was answered
      if (!waiting()[item] && navigator.onLine) location.assign(asks.item === item ? asks.address : address);
    });
  }

  const handIn = document.querySelector("form[data-hand-in]");
  handIn?.addEventListener("submit", async (event) => {
    if (!left()) return;
    event.preventDefault();
    await flush();
    handIn.querySelector("[data-pending]").hidden = !left();
    if (!left()) handIn.submit();
  });

  // -- the clock: the server's, counted down here; told aloud at five minutes and at one -----------------------------------
  const clock = document.querySelector("[data-seconds]");
  if (clock) {
    let end = performance.now() + clock.dataset.seconds * 1000;
    // While a phone sleeps, this clock may stand still; that of the day does not. Where that one was set anew instead, the page is
    // soon opened again with the server's.
    let apart = Date.now() - performance.now();
    const awake = () => {
      const now = Date.now() - performance.now();
      if (now - apart > 2000) end -= now - apart;
      apart = now;
    };
    const shown = clock.querySelector("span"), aloud = clock.querySelector("[data-announce]");
    const template = aloud.dataset.announce, said = new Set();
    const two = (number) => String(number).padStart(2, "0");
    const over = async () => {
      form?.querySelectorAll("fieldset").forEach((fields) => { fields.disabled = true; });
      await flush();
      if (navigator.onLine && (!left() || stopped)) location.reload();
      else setTimeout(over, 5000);
    };
    const tick = () => {
      awake();
      const rest = Math.max(0, Math.round((end - performance.now()) / 1000));
      const hours = Math.floor(rest / 3600), minutes = Math.floor(rest / 60) % 60;
      shown.textContent = `${clock.dataset.said} ${hours ? `${hours}:${two(minutes)}` : minutes}:${two(rest % 60)}`;
      for (const mark of [5, 1]) {
        if (rest <= mark * 60 && rest > mark * 60 - 5 && !said.has(mark)) {
          said.add(mark);
          aloud.textContent = template.replace("%(minutes)s", mark);
        }
      }
      if (rest === 0) { clearInterval(timer); over(); }
    };
    const timer = setInterval(tick, 1000);
    tick();
  }

  // -- self-checks: the verdict appears where one is ------------------------------------------------------------------------
  document.addEventListener("submit", async (event) => {
    const check = event.target.closest("form[data-check]");
    if (!check || !navigator.onLine) return;
    event.preventDefault();
    const net = document.querySelector(".net");
    const answer = await fetch(check.action, { method: "POST", body: new FormData(check), headers: { "X-Part": "1" } }).catch(() => null);
    const text = await answer?.text().catch(() => null);
    net.hidden = text != null;
    if (text == null) return net.focus(); // the line was lost: the lesson stays, and so does what was answered
    const fresh = answer.ok && new DOMParser().parseFromString(text, "text/html").querySelector("form[data-check]");
    if (!fresh) return check.submit(); // the page itself says what is wrong
    check.replaceWith(fresh);
    const told = fresh.querySelector("[role=status], [role=alert]");
    if (told) {
      told.tabIndex = -1; // the button that had the focus is gone
      told.focus();
    }
  });
})();
