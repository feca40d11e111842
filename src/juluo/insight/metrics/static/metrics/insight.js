// Small behaviours of the dashboards: tabs keep what the filters say, and the menu of channels says how many are chosen.
document.addEventListener("htmx:pushedIntoHistory", () => {
  const kept = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => ["range", "from", "to", "against", "channel", "who"].includes(name)));
  for (const tab of document.querySelectorAll("[data-follow] a")) tab.search = kept.toString();
});

document.addEventListener("change", (event) => {
  const menu = event.target.closest("[data-many]");
  if (!menu || event.target.type !== "checkbox") return;
  const words = menu.querySelector("[data-many-words]");
  const chosen = menu.querySelectorAll("input:checked").length;
  words.textContent = chosen ? words.dataset.some.replace("%n", chosen) : words.dataset.all;
});

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-many-search]")) return;
  const wanted = event.target.value.trim().toLowerCase();
  for (const item of event.target.closest("[data-many]").querySelectorAll(".jl-menu-item")) {
    item.hidden = wanted !== "" && !item.textContent.toLowerCase().includes(wanted);
  }
});

// Looking for a name is no change of the filters.
document.addEventListener("change", (event) => { if (event.target.matches("[data-many-search]")) event.stopPropagation(); }, true);
