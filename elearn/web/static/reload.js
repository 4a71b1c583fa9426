/* For `elearn course preview`: draws the page anew as soon as a file of the course was saved. */
(() => {
  "use strict";
  const box = document.querySelector("[data-preview]");
  const ask = async () => {
    try {
      const answer = await fetch(`${box.dataset.address}?dari=${box.dataset.preview}`);
      if (String((await answer.json()).state) !== box.dataset.preview) return location.reload();
    } catch {
      await new Promise((done) => setTimeout(done, 1000));
    }
    ask();
  };
  if (box) ask();
})();
