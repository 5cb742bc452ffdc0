// What the enrollment steps gain with JavaScript; every page works without it.

import { endFailure, tellFailure } from "./requests.js";

/** Parts that a given answer makes needed: data-show-when="name=value|value". */
function showNeededParts(root = document) {
  for (const part of root.querySelectorAll("[data-show-when]")) {
    const [name, words] = part.dataset.showWhen.split("=");
    const fields = [...document.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    const chosen = fields.filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked);
    const value = chosen.length ? chosen[chosen.length - 1].value : "";
    part.toggleAttribute("data-needed", words.split("|").includes(value));
  }
}

/** What is in a part that an answer has hidden is not sent, nor kept: nobody sees it. */
function leaveOutUnaskedParts({ target, formData }) {
  for (const part of target.querySelectorAll("[data-asked]:not([data-needed])")) {
    for (const field of part.querySelectorAll("input, select, textarea")) formData.delete(field.name);
  }
}

/** The fragment of an address: ids stand where an answer is, inside parts that may be closed. */
function openTarget(event) {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || (!event && document.querySelector("[data-focus]"))) return; // what is wrong is said first
  for (let outer = target; outer; outer = outer.parentElement) if (outer.tagName === "DETAILS") outer.open = true;
  target.scrollIntoView({ block: "center" });
  (target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea, button") ?? target).focus({ preventScroll: true });
}

async function post(path, fields) {
  const body = new URLSearchParams({ csrf: document.querySelector('[name="csrf"]').value, ...fields });
  const answer = await fetch(path, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) {
    tellFailure(answer?.status);
    return "";
  }
  endFailure();
  return answer.text();
}

function pausing(milliseconds, act) {
  let timer = 0;
  const wait = (...given) => {
    wait.cancel();
    timer = setTimeout(() => act(...given), milliseconds);
  };
  wait.cancel = () => clearTimeout(timer);
  return wait;
}

/** What is typed is kept on the server whenever a person pauses for a second. */
function keepWhatIsTyped(form) {
  const shown = document.getElementById("autosave");
  const keep = pausing(1000, async () => {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.ok) shown.replaceChildren(...new DOMParser().parseFromString((await answer.text()).trim(), "text/html").body.childNodes);
    else shown.textContent = [401, 403].includes(answer?.status) ? "Sign in again to keep what you typed." : "Not kept yet; the connection is down.";
  });
  form.addEventListener("input", keep);
  form.addEventListener("submit", keep.cancel); // a draft that arrives after the form would replace what is said about it
}

/** A page of ours in a dialog over this one: terms, disclosures, questions. */
function openInDialog(link) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const from = document.activeElement === document.body ? link : document.activeElement;
    const answer = await fetch(link.href).catch(() => null);
    if (!answer) return tellFailure(); // the link would leave the page for the browser's own error page
    endFailure();
    const content = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-dialog-content]");
    if (!content) {
      location.href = link.href;
      return;
    }
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    const title = content.querySelector("h1");
    title.id = "dialog-title";
    dialog.setAttribute("aria-labelledby", "dialog-title");
    dialog.tabIndex = -1;
    dialog.append(content);
    for (const closer of content.querySelectorAll("[data-dialog-close]")) {
      closer.addEventListener("click", (clicked) => { clicked.preventDefault(); dialog.close(); });
    }
    if (!content.querySelector("form")) dialog.append(dialogFoot(dialog, link));
    document.body.append(dialog);
    dialog.addEventListener("close", () => { dialog.remove(); from.focus(); });
    dialog.showModal(); // goes to the first link, which may be at the end of a long text
    dialog.focus();
    dialog.scrollTop = 0;
  });
}

/** Of a text that a box beside its link agrees to: Continue ticks the box once the agent has confirmed (R40). */
function dialogFoot(dialog, link) {
  const foot = document.createElement("div");
  foot.className = "dialog__foot";
  const box = link.closest(".field")?.querySelector('input[type="checkbox"]');
  const close = button(box ? "Cancel" : "Close", "ds-c-button", () => dialog.close());
  if (!box) {
    foot.append(close);
    return foot;
  }
  const proceed = button("Continue", "ds-c-button ds-c-button--solid", () => {
    box.checked = true;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    dialog.close();
  });
  proceed.disabled = true;
  const agree = document.createElement("div");
  agree.className = "ds-c-choice-wrapper dialog__agree";
  agree.innerHTML = `<input class="ds-c-choice ds-c-choice--small" type="checkbox" id="dialog-agree"><label class="ds-c-label" for="dialog-agree"><span>My client has read this and agrees to it</span></label>`;
  agree.firstChild.addEventListener("change", (event) => { proceed.disabled = !event.target.checked; });
  foot.append(agree, close, proceed);
  return foot;
}

/** An answer that asks for a text opens it, unless the client has agreed already (R40). */
function openTextsOfAnswers() {
  document.addEventListener("change", (event) => {
    const part = [...document.querySelectorAll("[data-opens-text]")].find((one) => one.dataset.showWhen === `${event.target.name}=${event.target.value}`);
    if (part && !part.querySelector('input[type="checkbox"]').checked) part.querySelector("[data-dialog]").click();
  });
}

function button(text, className, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function searchAddresses(part) {
  const typed = part.querySelector("input");
  const list = part.querySelector("#address-suggestions");
  typed.addEventListener("input", (event) => event.stopPropagation()); // it is no answer, so no draft keeps it
  typed.addEventListener("input", pausing(250, async () => {
    const found = new DOMParser().parseFromString(await post(part.dataset.addressSearch, { text: typed.value }), "text/html");
    list.replaceChildren(...(found.querySelector("main") ?? found.body).childNodes);
  }));
  typed.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  list.addEventListener("click", async (event) => {
    const chosen = event.target.closest(".suggestion");
    if (!chosen) return;
    for (const name of ["street", "unit", "city", "state", "zip"]) {
      document.getElementById(`home_address.${name}`).value = chosen.dataset[name];
    }
    list.replaceChildren();
    await showCounties(document.getElementById("home_address.zip"), chosen.dataset.county);
    document.getElementById("home_address.street").dispatchEvent(new Event("input", { bubbles: true }));
    document.getElementById("home_address.street").focus();
  });
}

async function showCounties(zip, county = "") {
  if (!/^[0-9]{5}/.test(zip.value)) return;
  const select = document.getElementById("home_address.county_fips");
  const text = await post(zip.dataset.counties, { zip: zip.value, county_fips: county || select.value });
  const found = new DOMParser().parseFromString(text, "text/html").body;
  if (found.querySelector("select")) select.closest("#county").replaceChildren(...found.childNodes);
}

/** The premium of what is ticked, before it is saved (R63). */
function showTotal() {
  let cents = 0;
  let some = false;
  for (const shown of document.querySelectorAll("[data-premium]")) {
    const plan = document.querySelector(`[name="${shown.dataset.premium}"]:checked`);
    const own = Number(plan?.dataset.cents ?? 0);
    shown.textContent = plan?.value ? dollars(own) : "–";
    some ||= Boolean(plan?.value);
    cents += own;
  }
  for (const total of document.querySelectorAll("[data-premium-total]")) total.textContent = some ? dollars(cents) : "–";
}

function dollars(cents) {
  return (cents / 100).toLocaleString("en-US", { style: "currency", currency: "USD" });
}

showNeededParts();
document.addEventListener("input", () => showNeededParts());
document.addEventListener("formdata", leaveOutUnaskedParts);
for (const link of document.querySelectorAll("[data-dialog]")) openInDialog(link);
openTextsOfAnswers();
for (const form of document.querySelectorAll("form[data-autosave]")) keepWhatIsTyped(form);
for (const part of document.querySelectorAll("[data-address-search]")) searchAddresses(part);
const zip = document.querySelector("[data-counties]");
zip?.addEventListener("input", pausing(300, () => showCounties(zip)));
if (document.querySelector("[data-premium-total]")) document.addEventListener("input", showTotal);
openTarget();
// not away from where a person has gone on to meanwhile
if ([null, document.body].includes(document.activeElement)) document.querySelector("[data-focus]")?.focus();
addEventListener("hashchange", openTarget);
