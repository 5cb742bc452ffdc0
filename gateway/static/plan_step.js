// What the plan step gains with JavaScript: filters that answer at once, and the names of the plans chosen in the bar.

function setUpList(list) {
  const filters = [...list.querySelectorAll("[data-plan-filter]")];
  const clear = list.querySelector("[data-plan-filter-clear]");
  if (!filters.length) return;
  for (const filter of filters) {
    // how the list is shown is no answer, so no draft keeps it
    filter.addEventListener("input", (event) => { event.stopPropagation(); showPlans(list, filters); });
    filter.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }
  clear.addEventListener("click", (event) => {
    event.preventDefault();
    for (const filter of filters) {
      if (filter.tagName === "SELECT") filter.selectedIndex = 0;
      else filter.value = "";
    }
    showPlans(list, filters);
    filters[0].focus();
  });
  list.addEventListener("change", (event) => { if (event.target.type === "radio") showPlans(list, filters); });
}

function showPlans(list, filters) {
  const wanted = Object.fromEntries(filters.map((filter) => [filter.dataset.planFilter, filter.value.trim().toLowerCase()]));
  const words = (wanted.search ?? "").split(/\s+/).filter(Boolean);
  const cards = [...list.querySelectorAll("[data-plan]")];
  let count = 0;
  for (const card of cards) {
    const own = card.dataset;
    const fits = (part) => !wanted[part] || own[part].toLowerCase() === wanted[part];
    const found = fits("metal") && fits("type") && words.every((word) => own.text.includes(word));
    if (found) count += 1;
    card.hidden = !found && !card.querySelector("input").checked; // the choice stays in sight
  }
  const plans = list.querySelector("[data-plans]");
  const order = cards.toSorted((one, other) => compare(one.dataset, other.dataset, wanted.sort));
  if (order.some((card, place) => card !== cards[place])) plans.append(...order);
  const shown = list.querySelector("[data-plan-count]");
  shown.textContent = `${count} of ${shown.dataset.planCount} plans`;
  keepInAddress(list.dataset.planList, filters);
}

function compare(one, other, sort) {
  const amount = { deductible: "sortDeductible", maximum: "sortMaximum" }[sort];
  const first = sort === "name" ? one.sortName.localeCompare(other.sortName) : amount ? cents(one[amount]) - cents(other[amount]) || 0 : 0;
  return first || one.sortPremium - other.sortPremium || one.sortName.localeCompare(other.sortName);
}

/** A plan without a filed amount comes last. */
function cents(text) {
  return text === "" ? Number.MAX_SAFE_INTEGER : Number(text);
}

/** Reload and back show the same list. */
function keepInAddress(coverage, filters) {
  const address = new URL(location.href);
  for (const filter of filters) {
    const name = `${coverage}.${filter.dataset.planFilter}`;
    const first = filter.tagName === "SELECT" && filter.selectedIndex === 0;
    if (filter.value.trim() && !first) address.searchParams.set(name, filter.value.trim());
    else address.searchParams.delete(name);
  }
  history.replaceState(history.state, "", address);
}

function showChoiceNames() {
  for (const shown of document.querySelectorAll("[data-plan-name]")) {
    const chosen = document.querySelector(`[name="${shown.dataset.planName}"]:checked`);
    shown.textContent = chosen?.value ? chosen.dataset.name : shown.dataset.none ?? "None chosen";
  }
}

/** Providers are asked for only by HMO and POS plans (R68); what was typed stays in sight until it is taken out. */
function showProviders(section) {
  const chosen = document.querySelector('[name="medical_plan_id"]:checked');
  const uses = chosen ? "usesPcp" in chosen.dataset : !section.hasAttribute("data-hidden-with-script");
  const typed = providerFields(section).some((field) => field.value.trim());
  section.toggleAttribute("data-hidden-with-script", !uses && !typed);
  section.querySelector("[data-pcp-needless]").hidden = uses || !typed;
}

function providerFields(section) {
  return [...section.querySelectorAll('input[name^="pcp_choices["]:not([type="hidden"])')];
}

/** What the PCP IDs are called, what becomes of them, and whether pediatric dental is owed: the server says it. */
async function checkChoices(section) {
  const form = document.getElementById("step-form");
  const answer = await fetch(section.dataset.check, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of section.querySelectorAll("[data-pcp-name], [data-pcp-outcomes]")) {
    const same = part.dataset.pcpName ? found.querySelector(`[data-pcp-name="${part.dataset.pcpName}"]`) : found.querySelector("[data-pcp-outcomes]");
    if (same && same.innerHTML.trim() !== part.innerHTML.trim()) part.replaceChildren(...same.childNodes);
  }
  const owed = found.querySelector("[data-owes-pediatric-dental]")?.dataset.owesPediatricDental;
  const part = document.querySelector("[data-pediatric-dental]");
  if (part && owed) part.toggleAttribute("data-hidden-with-script", owed === "no" && !part.querySelector('[type="checkbox"]').checked);
}

function setUpProviders(section) {
  let timer = 0;
  document.getElementById("step-form").addEventListener("input", (event) => {
    showProviders(section);
    if (!event.target.matches('[name$="_plan_id"], [data-pcp-id]')) return;
    clearTimeout(timer);
    timer = setTimeout(() => checkChoices(section), event.target.type === "radio" ? 0 : 400);
  });
  section.querySelector("[data-remove-providers]").addEventListener("click", (event) => {
    event.preventDefault();
    for (const field of providerFields(section)) field.value = "";
    section.querySelector('[type="checkbox"][name="pcp_same_for_all"]').checked = false;
    announce(section.querySelector("[data-pcp-id]"));
    document.querySelector('[name="medical_plan_id"]:checked')?.focus();
  });
  for (const button of section.querySelectorAll("[data-find-provider]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      openFinder(button);
    });
  }
  showProviders(section);
  if (document.querySelector(".kept")) checkChoices(section); // the server drew what is saved, not what waits to be
}

/** As if it had been typed: kept as a draft, checked, and shown. */
function announce(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Provider Finder over the step; without an answer its button goes the way it goes without JavaScript. */
async function openFinder(button) {
  const chosen = document.querySelector('[name="medical_plan_id"]:checked');
  const content = await readFinder(`${button.dataset.finder}?${new URLSearchParams({ plan: chosen?.value ?? "" })}`);
  if (!content) {
    button.form.requestSubmit(button);
    return;
  }
  const dialog = document.createElement("dialog");
  dialog.className = "dialog finder-dialog";
  dialog.setAttribute("aria-labelledby", "finder-title");
  dialog.append(content, finderFoot(dialog));
  dialog.addEventListener("submit", (event) => { if (event.target.matches("[data-finder-choose]")) chooseProvider(event, dialog); });
  followAnswers(dialog);
  document.body.append(dialog);
  window.htmx.process(dialog);
  dialog.addEventListener("close", () => { dialog.remove(); if (!dialog.dataset.chosen) button.focus(); });
  dialog.showModal();
  dialog.querySelector('[name="name"]').focus();
}

function finderFoot(dialog) {
  const foot = document.createElement("div");
  foot.className = "dialog__foot";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "ds-c-button";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  foot.append(close);
  return foot;
}

async function readFinder(address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return null;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-dialog-content]");
  return found?.classList.contains("finder") ? document.importNode(found, true) : null;
}

/** After Search or a link the providers have the focus, after a form what came of it; while a filter is moved it stays there. */
function followAnswers(dialog) {
  const results = () => dialog.querySelector("#finder-results");
  dialog.addEventListener("htmx:before:swap", (event) => {
    if (event.detail.ctx.response.status < 400) return;
    event.preventDefault();
    sayUnanswered(results());
  });
  dialog.addEventListener("htmx:error", () => sayUnanswered(results()));
  dialog.addEventListener("htmx:after:swap", ({detail}) => { if (detail.ctx.sourceEvent.type !== "change" && detail.ctx.sourceEvent.type !== "input") (dialog.querySelector("[autofocus]") ?? results()).focus(); });
}

function sayUnanswered(results) {
  results.innerHTML = '<p class="ds-c-inline-error" role="alert">Providers could not be loaded. Search again.</p>';
}

function chooseProvider(event, dialog) {
  const form = event.target;
  event.preventDefault();
  const index = form.dataset.finderChoose;
  const fields = ["pcp_id", "medical_group_id"].map((name) => document.querySelector(`[name="pcp_choices[${index}].${name}"]`));
  fields[0].value = form.elements.pcp_id.value;
  fields[1].value = form.elements.medical_group_id.value;
  dialog.dataset.chosen = "yes";
  dialog.close();
  fields[0].focus();
  announce(fields[0]);
}

for (const list of document.querySelectorAll("[data-plan-list]")) setUpList(list);
for (const section of document.querySelectorAll("[data-pcp-section]")) setUpProviders(section);
document.addEventListener("change", showChoiceNames);
