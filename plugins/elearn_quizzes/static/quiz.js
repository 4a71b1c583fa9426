/* What JavaScript adds to quizzes: answers saved as they are given and kept through a lost line, the clock, self-checks in place.
   Everything works without it: each page is a form. */
(() => {
  "use strict";

  // -- answers: saved on change; what cannot be sent waits in this browser and is sent when the line is back --------------
  const form = document.querySelector("form[data-answer]");
  const box = document.querySelector("[data-attempt]");
  const key = box && `kuis:${box.dataset.attempt}`;
  const waiting = () => JSON.parse(localStorage.getItem(key) || "{}");
  const keep = (all) => Object.keys(all).length ? localStorage.setItem(key, JSON.stringify(all)) : localStorage.removeItem(key);
  const status = document.querySelector("[data-status]");
  const say = (text) => { if (status) status.textContent = text; };
  let busy = null;

  const send = async () => {
    const token = box.querySelector("[name=csrf_token]").value;
    const sent = Object.entries(waiting());
    if (!sent.length) return;
    // All that waits goes in one message; the server keeps all of it or nothing, and the same message again changes nothing.
    const body = JSON.stringify({ answers: sent.map(([item, one]) => ({ item, seq: one.seq, answer: one.answer })) });
    const address = sent[0][1].address.replace(/\d+$/, "simpan");
    const headers = { "X-CSRFToken": token, Accept: "application/json", "Content-Type": "application/json" };
    const answer = await fetch(address, { method: "POST", body, headers });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok && answer.status !== 409 && answer.status !== 422) throw new Error(String(answer.status));
    const all = waiting();
    for (const [item, one] of sent) if (all[item]?.seq === one.seq) delete all[item];
    keep(all);
    say(answer.ok && !told.late ? `${form?.dataset.saved || ""} ${told.saved}` : told.error || "");
  };
  const flush = () => {
    busy = (busy || Promise.resolve()).then(send).catch(() => say(form?.dataset.waiting || ""));
    return busy;
  };

  if (form) {
    const asked = form.querySelector("[name=item]");
    const put = () => {
      const all = waiting(), item = asked.value;
      const seq = Math.max(Date.now(), (all[item]?.seq || 0) + 1);
      all[item] = { seq, address: form.action, answer: new FormData(form).getAll("answer") };
      keep(all);
      say(form.dataset.saving);
      return flush();
    };
    let timer;
    form.addEventListener("change", put);
    form.addEventListener("input", (event) => {
      const { type } = event.target;
      if (type !== "text" && type !== "textarea") return;
      clearTimeout(timer);
      timer = setTimeout(put, type === "text" ? 800 : 3000);
    });
    // A choice that still waits for the line shows again after a reload.
    const held = waiting()[asked.value];
    if (held) {
      form.querySelectorAll("[name=answer]").forEach((input, at) => {
        if (input.type === "radio" || input.type === "checkbox") input.checked = held.answer.includes(input.value);
        else input.value = held.answer[at] || "";
      });
    }
    // Without a line "Simpan, lanjut" keeps the answer here and stays.
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      if (navigator.onLine) {
        const all = waiting();
        delete all[asked.value];
        keep(all);
        return;
      }
      event.preventDefault();
      put();
    });
  }
  if (key) {
    addEventListener("online", flush);
    if (Object.keys(waiting()).length) flush();
    setInterval(() => { if (Object.keys(waiting()).length) flush(); }, 5000);
  }

  const handIn = document.querySelector("form[data-hand-in]");
  handIn?.addEventListener("submit", async (event) => {
    if (!Object.keys(waiting()).length) return;
    event.preventDefault();
    await flush();
    const left = Object.keys(waiting()).length > 0;
    handIn.querySelector("[data-pending]").hidden = !left;
    if (!left) handIn.submit();
  });

  // -- the clock: the server's, counted down here; told aloud at five minutes and at one -----------------------------------
  const clock = document.querySelector("[data-seconds]");
  if (clock) {
    const end = performance.now() + clock.dataset.seconds * 1000;
    const shown = clock.querySelector("span"), aloud = clock.querySelector("[data-announce]");
    const template = aloud.dataset.announce, said = new Set();
    const tick = () => {
      const left = Math.max(0, Math.round((end - performance.now()) / 1000));
      shown.textContent = `${clock.dataset.said} ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      for (const minutes of [5, 1]) {
        if (left <= minutes * 60 && left > minutes * 60 - 5 && !said.has(minutes)) {
          said.add(minutes);
          aloud.textContent = template.replace("%(minutes)s", minutes);
        }
      }
      if (left === 0) { clearInterval(timer); flush().then(() => location.reload()); }
    };
    const timer = setInterval(tick, 1000);
    tick();
  }

  // -- self-checks: the verdict appears where one is ------------------------------------------------------------------------
  document.addEventListener("submit", async (event) => {
    const check = event.target.closest("form[data-check]");
    if (!check || !navigator.onLine) return;
    event.preventDefault();
    try {
      const answer = await fetch(check.action, { method: "POST", body: new FormData(check), headers: { "X-Part": "1" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form[data-check]");
      check.replaceWith(fresh);
      fresh.querySelector("[role=status], [role=alert]")?.scrollIntoView({ block: "nearest" });
    } catch {
      check.submit();
    }
  });
})();
