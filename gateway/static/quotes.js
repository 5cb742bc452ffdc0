// Quotes: what a browser with JavaScript does more. Every page works without it.

// A dialog that the page came with stands over it, and takes the focus.
for (const dialog of document.querySelectorAll("dialog[data-modal]")) {
  dialog.close();
  dialog.showModal();
  dialog.addEventListener("close", () => history.replaceState(null, "", location.pathname));
}

// A form that opens another site in a new tab leaves this one at the list (R18).
for (const form of document.querySelectorAll("form[data-then]")) {
  form.addEventListener("submit", () => setTimeout(() => location.assign(form.dataset.then), 0));
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = "Copied";
  });
}

// On a narrow screen the filters begin folded: the plans are what people come for.
const filters = document.getElementById("filters");
if (filters && matchMedia("(max-width: 900px)").matches) filters.open = false;

// What is typed while an answer is on its way stays: the part that the answer brings knows nothing of it yet.
const household = document.querySelector("form[data-household]");
if (household) {
  const typed = new Map();
  const sent = new WeakMap();
  let focused = "";
  let leaving = false;
  household.addEventListener("input", ({target}) => typed.set(target.id, {at: performance.now(), value: target.value, checked: target.checked}));
  // what is kept after the form was sent would wait in the next form as if it were not saved
  household.addEventListener("submit", (event) => setTimeout(() => { leaving = !event.defaultPrevented; }));
  document.addEventListener("htmx:before:request", (event) => { if (leaving) event.preventDefault(); });
  document.addEventListener("htmx:config:request", ({detail}) => sent.set(detail.ctx, performance.now()));
  document.addEventListener("htmx:before:swap", () => { focused = document.activeElement.id; });
  document.addEventListener("htmx:after:swap", ({detail}) => restore(sent.get(detail.ctx)));

  function restore(since) {
    for (const [id, {at, value, checked}] of typed) {
      const field = document.getElementById(id);
      if (!field || at < since) continue;
      if (field.type === "radio") field.checked = checked;
      else field.value = value;
    }
    if (document.activeElement === document.body && focused) document.getElementById(focused)?.focus();
  }
}
