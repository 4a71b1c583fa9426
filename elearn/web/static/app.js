/* What JavaScript adds to pages that work without it: a word when the line is lost, the lesson and paragraph one reads at, videos on tap, wide tables by keyboard. */
(() => {
  "use strict";
  const net = document.querySelector(".net");
  const show = () => { if (net) net.hidden = navigator.onLine; };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();

  // A form sent without a line would end on the browser's error page, and what was typed with it. A page that keeps answers
  // by itself says so with data-keeps.
  document.addEventListener("submit", (event) => {
    if (navigator.onLine || event.defaultPrevented || event.target.hasAttribute("data-keeps")) return;
    event.preventDefault();
    show();
    net?.focus();
  });

  // Signing out wipes this browser. What a page left here under "unsent:" has not reached the server.
  document.querySelector("form[data-forgets]")?.addEventListener("submit", (event) => {
    const unsent = Object.keys(localStorage).some((key) => key.startsWith("unsent:"));
    if (unsent && !confirm(event.target.dataset.forgets)) event.preventDefault();
  });

  // A table wider than its box is scrolled with the keyboard, too.
  document.querySelectorAll(".table").forEach((box) => {
    if (box.scrollWidth <= box.clientWidth || box.hasAttribute("tabindex")) return;
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", document.documentElement.lang === "en" ? "Table" : "Tabel");
  });

  // "Go on" comes back to this lesson from any device.
  const here = document.querySelector("[data-here]");
  if (here) {
    fetch(here.dataset.here, { method: "POST", headers: { "X-CSRFToken": here.dataset.token }, keepalive: true }).catch(() => {});
  }

  // And to the paragraph, on this device, while the lesson is not done; forgotten at signing out with all that a site stores.
  const prose = document.querySelector("[data-place]");
  if (prose) {
    const key = `place:${prose.dataset.place}`, store = window.localStorage;
    const at = Number(store.getItem(key));
    if (at > 0 && !location.hash && prose.children[at]) prose.children[at].scrollIntoView({ behavior: "instant" });
    addEventListener("pagehide", () => {
      const seen = [...prose.children].findIndex((part) => part.getBoundingClientRect().bottom > 80);
      if (seen > 0) store.setItem(key, seen);
      else store.removeItem(key);
    });
  }

  document.querySelectorAll("[data-reveal]").forEach((button) => {
    const input = document.getElementById(button.dataset.reveal);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
    });
    input.form.addEventListener("submit", () => { input.type = "password"; });
  });

  // A video file loads when it is tapped, never before.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.video");
    if (!link || !/\.mp4$/i.test(link.pathname) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const video = Object.assign(document.createElement("video"), { src: link.href, controls: true, autoplay: true, playsInline: true });
    link.replaceWith(video);
    video.focus();
  });
})();
