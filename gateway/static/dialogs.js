// Dialogs: `data-dialog="id"` opens a dialog of the page, `data-dialog` alone the page at the link's address as one.
// Without JavaScript the link leads there.

import { endFailure, tellFailure } from "./requests.js";

const fetched = "page-dialog";

async function openDialog(opener) {
  const own = opener.dataset.dialog && document.getElementById(opener.dataset.dialog);
  let dialog = own;
  try {
    dialog ||= await fetchDialog(opener.href);
  } catch {
    return tellFailure(); // the link would leave the page, and what is typed on it, for the browser's own error page
  }
  endFailure();
  if (dialog) dialog.showModal();
  else location.assign(opener.href);
}

async function fetchDialog(address) {
  const answer = await fetch(address);
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const body = page.querySelector("[data-dialog-body]");
  return body && buildDialog(body);
}

function buildDialog(body) {
  document.getElementById(fetched)?.remove();
  const dialog = document.createElement("dialog");
  dialog.id = fetched;
  dialog.className = "dialog";
  dialog.append(document.importNode(body, true));
  const heading = asSecondLevel(dialog.querySelector("h1, h2"));
  heading.id = `${fetched}-title`;
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.prepend(buildClose());
  document.body.append(dialog);
  window.htmx?.process(dialog);
  return dialog;
}

function asSecondLevel(heading) {
  if (heading.tagName === "H2") return heading;
  const second = document.createElement("h2");
  second.append(...heading.childNodes);
  heading.replaceWith(second);
  return second;
}

function buildClose() {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "dialog__close dialog__close--corner";
  close.dataset.close = "";
  close.setAttribute("aria-label", "Close");
  close.textContent = "×";
  return close;
}

document.addEventListener("click", (event) => {
  const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (event.defaultPrevented || elsewhere || !(event.target instanceof Element)) return;
  const opener = event.target.closest("[data-dialog]");
  const closer = event.target.closest("[data-close]");
  if (opener) {
    event.preventDefault();
    openDialog(opener);
  } else if (closer?.closest("dialog")) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
});
