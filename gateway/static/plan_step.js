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
    shown.textContent = chosen?.value ? chosen.dataset.name : "None chosen";
  }
}

for (const list of document.querySelectorAll("[data-plan-list]")) setUpList(list);
document.addEventListener("change", showChoiceNames);
