// The unread count of the bell, live. One tab listens for all of them: a browser opens only six connections to a
// server, and a stream takes one for as long as its page is open. Without JavaScript, or when the server has no stream
// to give, each page brings the count that it had when it was made.

const count = document.querySelector("[data-unread]");
const said = document.querySelector("[data-unread-said]");
const news = document.querySelector("[data-unread-news]");
const tabs = new BroadcastChannel("unread");
const askAgain = 60_000;

let shown = count.hidden ? 0 : Number.parseInt(count.textContent, 10);

function show(unread) {
  if (unread > shown) news.textContent = `${unread} unread notification${unread === 1 ? "" : "s"}`;
  shown = unread;
  count.textContent = unread < 100 ? unread : "99+";
  count.hidden = unread === 0;
  said.textContent = unread ? `, ${unread} unread` : "";
}

function listen() {
  const stream = new EventSource("/notifications/stream");
  stream.addEventListener("unread", ({ data }) => {
    show(Number(data));
    tabs.postMessage(Number(data));
  });
  // lost: the browser comes back by itself; closed: nobody is signed in, or the server has no stream to give now
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, askAgain);
  });
}

tabs.onmessage = ({ data }) => show(data);
// held until this page is left; then the next tab has it
navigator.locks?.request("unread", () => new Promise(listen));
