// The session: kept while somebody types, a warning before it ends, and the password over the page when it has ended.
// What a script asks meanwhile waits and is repeated. Without JavaScript the server keeps the form (kept_form.py).

const second = 1000;
const warnBefore = 120 * second;
const keepEvery = 60 * second;
const idle = Number(document.body.dataset.idleSeconds) * second;
const warning = document.getElementById("session-warning");
const ended = document.getElementById("session-ended");
const tabs = new BroadcastChannel("session");
const person = ended.querySelector('[name="email"]').value;
const send = window.fetch.bind(window);

let asked = Date.now();
let lastPossible = asked + Number(document.body.dataset.secondsLeft) * second;
let signingIn = null;

const endsAt = () => Math.min(asked + idle, lastPossible);

function noteRequest(secondsLeft) {
  asked = Date.now();
  if (secondsLeft !== undefined) lastPossible = asked + secondsLeft * second;
  if (!signingIn) tellTabs(); // until then the browser's session may be another person's
}

function tellTabs(csrf) {
  tabs.postMessage({ asked, lastPossible, csrf, person });
}

tabs.onmessage = ({ data }) => {
  if (data.person !== person || data.signedOut) return signInAgain(); // the browser is somebody else's now, or nobody's
  ({ asked, lastPossible } = data);
  if (data.csrf) renewForms(data.csrf);
  if (Date.now() < endsAt()) {
    warning.close();
    finishSignIn();
  }
};

async function keepAlive() {
  asked = Date.now(); // one at a time
  const answer = await send("/session").catch(() => null);
  if (answer?.ok) noteRequest((await answer.json()).seconds_left);
  else if (answer?.status === 401) signInAgain();
}

// ---- signing in again

let finishSignIn = () => {};
const away = new Map(); // part of the page -> what stands in its place

// Nothing of a client is left in front of whoever comes by: it waits outside of the page, as it was typed, for its owner.
function clearPage() {
  const open = [...document.querySelectorAll("dialog:modal")].filter((one) => one !== ended);
  const { title } = document;
  for (const part of document.querySelectorAll("main, dialog, [role=search]")) {
    if (part === warning || part === ended || !part.isConnected) continue;
    const empty = part.cloneNode(false);
    empty.removeAttribute("open");
    Object.assign(empty.style, { boxSizing: "border-box", minHeight: `${part.offsetHeight}px` }); // nothing moves
    away.set(part, empty);
    part.replaceWith(empty);
  }
  document.title = "Your session ended";
  return () => {
    for (const [part, place] of away) place.replaceWith(part);
    away.clear();
    document.title = title;
    ended.close();
    for (const dialog of open) {
      dialog.open = false; // outside of a page none is in front of it
      dialog.showModal();
    }
  };
}

function signInAgain() {
  signingIn ??= new Promise((done) => {
    warning.close();
    if (!ended.open) ended.showModal();
    const putBack = clearPage();
    finishSignIn = () => {
      putBack();
      signingIn = null;
      finishSignIn = () => {};
      done();
    };
  });
  return signingIn;
}

ended.addEventListener("cancel", (event) => event.preventDefault()); // Escape: nothing behind it works without a session

ended.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const answer = await send("/session", { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
  const told = (await answer?.json().catch(() => null)) ?? {};
  if (told.code_required) askCode(form);
  if (!answer?.ok) return showError(form, told.message ?? "The portal did not answer. Try again.");
  form.reset();
  showError(form, "");
  renewForms(told.csrf);
  noteRequest(told.seconds_left);
  tellTabs(told.csrf);
  finishSignIn();
});

function showError(form, message) {
  const line = form.querySelector("#session-error");
  line.textContent = message;
  line.hidden = !message;
  if (message) (form.elements.code.closest("[data-code]").hidden ? form.elements.password : form.elements.code).select();
}

function askCode(form) {
  form.elements.code.closest("[data-code]").hidden = false;
  form.elements.code.required = true;
}

function renewForms(csrf) {
  for (const part of [document, ...away.keys()]) {
    for (const field of part.querySelectorAll('[name="csrf"]')) field.value = csrf; // buttons among them
  }
}

// ---- what scripts ask for

window.fetch = async (address, options) => {
  const answer = await send(address, options);
  if (answer.status !== 401) {
    if (new URL(answer.url).origin === location.origin) noteRequest();
    return answer;
  }
  await signInAgain();
  return send(address, renewBody(options));
};

function renewBody(options) {
  const { signal, ...others } = options ?? {}; // a time limit ran out while the person typed the password
  const current = document.querySelector('input[name="csrf"]')?.value;
  if (current && others.body?.has?.("csrf")) others.body.set("csrf", current);
  return others;
}

// ---- time

function look() {
  const left = endsAt() - Date.now();
  if (left <= 0) signInAgain();
  else if (left <= warnBefore && !warning.open && !ended.open) warning.showModal();
  const minutes = Math.max(1, Math.ceil(left / (60 * second)));
  warning.querySelector("[data-time-left]").textContent = minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

const signOut = document.querySelector('form[action="/sign-out"]');
signOut.addEventListener("submit", () => tabs.postMessage({ person, signedOut: true }));
tellTabs(signOut.elements.csrf.value); // pages of before a sign-in in this tab go on in the new session
setInterval(look, 5 * second);
document.addEventListener("visibilitychange", look); // a laptop that slept
warning.querySelector("[data-stay]").addEventListener("click", () => {
  warning.close();
  keepAlive();
});
document.addEventListener("input", () => {
  if (!warning.open && !ended.open && Date.now() - asked > keepEvery) keepAlive();
});
