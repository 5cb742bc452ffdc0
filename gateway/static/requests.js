// What a script asks for may not come: the page stays as it is, with everything typed, and says so.

const shown = document.querySelector("[data-request-failed]");
const unanswered = "The portal did not answer. What you typed is still on this page. Try again in a moment.";
const tooMany = "There were too many requests. What you typed is still on this page. Wait a minute, then try again.";
const refused = "This is no longer possible. Reload the page to see why.";

/** `status` of the answer; 0 for none. */
export function tellFailure(status = 0) {
  if (status === 429) shown.textContent = tooMany;
  else shown.textContent = status >= 400 && status < 500 ? refused : unanswered;
  shown.hidden = false;
}

export function endFailure() {
  shown.hidden = true;
}

// An error page has none of the parts that a page asks for: swapped in, it would leave a hole.
document.addEventListener("htmx:before:response", (event) => {
  const { status } = event.detail.ctx.response;
  if (status < 400) return endFailure();
  event.preventDefault();
  tellFailure(status);
});
document.addEventListener("htmx:error", () => tellFailure());

// Sent without a connection, a form leaves its page for the browser's own error page, and what was typed with it.
document.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  tellFailure();
});
addEventListener("online", endFailure);

// A part that came again leaves open what a person opened.
window.htmx?.config.morphIgnore.push("open");
