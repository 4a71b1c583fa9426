/* What JavaScript adds where something is put into the text: pieces, pictures and what comes from Word stand at the cursor. */
(() => {
  "use strict";
  const form = document.querySelector("[data-editor]");
  const text = form?.querySelector("textarea");
  if (!text) return;
  const status = form.querySelector("[data-status]");
  const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value };

  // Where nobody set the cursor, its place is the end; within the head (title, minutes) nothing else may stand.
  let placed = document.activeElement === text, left = "";
  text.addEventListener("focus", () => { placed = true; });
  const cursor = () => (placed ? [text.selectionStart, text.selectionEnd] : [text.value.length, text.value.length]);
  const state = () => [...cursor(), text.value.length].join();
  const below = (at) => Math.max(at, (/^---\n[^]*?\n---[ \t]*(?:\n|$)/.exec(text.value) || [""])[0].length);

  // A piece on lines of its own, after what is marked. A question ends where other text would follow it, and before what nobody chose to
  // put into it: the cursor was never set, or stands where the piece before left it.
  const insert = (piece, place = [cursor()[1], cursor()[1]]) => {
    const [start, end] = place.map(below), after = text.value.slice(end).trimStart();
    const last = (text.value.slice(0, start).match(/^(## |---).*$/gm) || [""]).pop();
    const closes = (!placed || left === state()) && /^## (Soal|Question)/.test(last) && !piece.startsWith("## ");
    const before = text.value.slice(0, start).trimEnd() + (closes ? "\n\n---" : "");
    const asks = /^## (Soal|Question)/.test(piece) && after && !/^(#|---)/.test(after);
    text.value = `${before}${before ? "\n\n" : ""}${piece}${asks ? "\n\n---" : ""}\n\n${after}`;
    const at = before.length + (before ? 2 : 0);
    text.focus();
    text.setSelectionRange(at, at + piece.length);
    left = state();
    text.dispatchEvent(new Event("input"));
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-snippet]");
    if (!button) return;
    event.preventDefault();
    insert(button.dataset.snippet);
  });

  // What was copied in Word, a browser or a spreadsheet: the server makes Markdown of it.
  const rich = /<(table|ul|ol|h[1-6]|b|strong|i|em|a|p)\b/i;
  text.addEventListener("paste", async (event) => {
    const html = event.clipboardData.getData("text/html"), plain = event.clipboardData.getData("text/plain");
    if (!form.dataset.pasteAddress || !html || html.length > 900000 || !rich.test(html)) return;
    event.preventDefault();
    const [place, was] = [cursor(), text.value];
    const answer = await fetch(form.dataset.pasteAddress, { method: "POST", headers, body: new URLSearchParams({ html, plain }) }).catch(() => null);
    const said = answer?.ok ? await answer.json().catch(() => ({})) : {};
    const piece = said.text || plain;
    if (text.value !== was || !piece.includes("\n")) {
      text.setRangeText(piece, ...(text.value === was ? place : cursor()), "end");
      text.dispatchEvent(new Event("input"));
    } else {
      insert(piece, place);
      text.setSelectionRange(text.selectionEnd, text.selectionEnd);
    }
    if (said.text) status.textContent = form.dataset.pasted;
  });

  // Pictures: dropped on the text, pasted or chosen; nothing goes without its alternative text.
  const upload = form.querySelector("[data-upload]");
  if (!upload) return;
  const uploadStatus = upload.querySelector("[data-upload-status]");
  const { gambar, alt } = form.elements;
  const send = async () => {
    const body = new FormData();
    body.set("gambar", gambar.files[0] || "");
    body.set("alt", alt.value);
    body.set("untuk", decodeURIComponent(new URL(form.action).pathname.split("/naskah/")[1] || ""));
    const answer = await fetch(form.dataset.pictureAddress, { method: "POST", headers, body }).catch(() => null);
    const said = answer ? await answer.json().catch(() => ({})) : {};
    uploadStatus.textContent = said.said || said.error || "";
    if (!answer?.ok) return;
    insert(said.line);
    text.setSelectionRange(text.selectionEnd, text.selectionEnd);
    gambar.value = alt.value = "";
  };
  const choose = (files) => {
    gambar.files = files;
    upload.open = true;
    alt.focus();
  };
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "gambar") return;
    event.preventDefault();
    send();
  });
  alt.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    send();
  });
  text.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
  text.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    choose(event.dataTransfer.files);
  });
  text.addEventListener("paste", (event) => {
    if (event.defaultPrevented || !event.clipboardData.files.length || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    choose(event.clipboardData.files);
  });
})();
