/* What JavaScript adds to the editor: drafts saved by themselves, preview and faults in place, a tap on a fault leads to its line.
   Without it each button sends the form. */
(() => {
  "use strict";
  const form = document.querySelector("[data-editor]");
  if (!form) return;
  const text = form.querySelector("textarea");
  const revision = form.elements.revision;
  const token = form.elements.csrf_token.value;
  const status = form.querySelector("[data-status]");
  const problems = document.querySelector("[data-problems]");
  const box = document.querySelector("[data-preview-box]");
  const others = document.querySelector("[data-others]");
  const discard = form.querySelector("[data-discard]");
  const key = `naskah:${form.action}`;
  let saved = text.value, busy = false, stopped = false, tidied = "", later;

  const post = async (act) => {
    const body = new FormData(form);
    body.set("lakukan", act);
    body.delete("gambar");
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token } });
    return [answer.status, await answer.json().catch(() => ({}))];
  };
  const tell = (names) => {
    if (!others) return;
    others.hidden = !names;
    others.firstElementChild.textContent = names || "";
  };
  const stop = (said) => {
    stopped = true;
    status.textContent = said;
    status.setAttribute("role", "alert");
  };

  // What is not saved yet is kept in this browser too, in case the line or the power goes. It comes back with the revision it was
  // written on: where somebody saved since, saving it merges both. ``sent`` marks what a form took along and the server then kept.
  const keep = (sent = false) => { try { localStorage.setItem(key, JSON.stringify({ text: text.value, revision: revision.value, sent })); } catch { /* full */ } };
  const drop = () => localStorage.removeItem(key);
  const kept = JSON.parse(localStorage.getItem(key) || "null");
  const done = kept?.sent && new URLSearchParams(location.search).has("tersimpan");
  if (form.dataset.editor === "unsaved") saved = null;
  else if (!kept || done || kept.text === text.value) drop();
  else {
    [text.value, revision.value] = [kept.text, kept.revision];
    status.textContent = form.dataset.restored;
    discard.hidden = false;
    discard.addEventListener("click", () => { drop(); location.reload(); });
  }

  const save = async () => {
    if (busy || stopped || text.value === saved) return;
    busy = true;
    const sent = text.value;
    try {
      const [code, said] = await post("otomatis");
      if (code === 200) {
        [saved, revision.value] = [sent, said.revision];
        status.textContent = `${tidied} ${said.saved}`.trim();
        if (text.value === sent) drop(); else keep();
      } else if (code === 409) stop(said.error);
      else status.textContent = said.error || "";
    } catch { keep(); }
    busy = false;
    if (text.value !== sent) plan(); // typed meanwhile
  };
  const look = async (show) => {
    const [code, said] = await post("pratinjau").catch(() => [0, {}]);
    if (code !== 200) return;
    problems.innerHTML = said.problems;
    problems.className = `note ${said.state}`;
    if (show) box.hidden = false;
    if (!box.hidden) box.querySelector("[data-preview]").innerHTML = said.html;
    if (show) box.scrollIntoView({ block: "start" });
  };
  const plan = () => {
    clearTimeout(later);
    later = setTimeout(async () => { await save(); await look(false); }, 2500);
  };
  text.addEventListener("input", () => { tidied = ""; keep(); plan(); });
  addEventListener("visibilitychange", () => { if (document.hidden) save(); });

  form.addEventListener("submit", async (event) => {
    const act = event.submitter?.value;
    if (act === "simpan") keep(true);
    if (act === "pratinjau") {
      event.preventDefault();
      look(true);
    } else if (act === "rapikan") {
      event.preventDefault();
      const was = text.value, [code, said] = await post("rapikan").catch(() => [0, {}]);
      if (code !== 200 || text.value !== was) return; // what was typed meanwhile counts for more
      text.value = said.text;
      status.textContent = tidied = said.fixed.join(" ") || form.dataset.tidy;
      keep();
      look(false);
      plan();
    }
  });
  form.elements.kunci?.addEventListener("change", () => { if (!box.hidden) look(false); });

  // A fault's line, in the text itself.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link || !problems.contains(link)) return;
    event.preventDefault();
    lead(Number(link.dataset.line));
  });
  const lead = (line) => {
    const lines = text.value.split("\n");
    const number = Math.max(1, Math.min(line, lines.length));
    const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(start, start + lines[number - 1].length);
    text.scrollTop = Math.max(0, (number - 4) * parseFloat(getComputedStyle(text).lineHeight));
  };
  document.querySelector("[data-numbered]")?.removeAttribute("open");
  const asked = location.hash.match(/^#baris-(\d+)$/);
  if (asked) {
    history.replaceState(null, "", location.pathname + location.search); // else the browser scrolls on to the numbered lines below
    lead(Number(asked[1]));
  }

  // Who goes on by a link takes what was typed last along: the next page may publish it. A dead line holds nobody for long.
  const pause = (milliseconds) => new Promise((go) => { setTimeout(go, milliseconds); });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    if (saved === null || text.value === saved || stopped || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    for (let waited = 0; busy && waited < 20; waited += 1) await pause(100);
    await Promise.race([save(), pause(3000)]);
    location.assign(link.href);
  });

  // Who else is here.
  const hello = async () => {
    if (document.hidden || stopped) return;
    const answer = await fetch(form.dataset.hereAddress, { method: "POST", body: new URLSearchParams({ revision: revision.value }), headers: { "X-CSRFToken": token, Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) tell((await answer.json()).others);
  };
  hello();
  setInterval(hello, 30000);
})();
