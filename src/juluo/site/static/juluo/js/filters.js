// The filter bar: the two date fields show only for a range of one's own; empty fields stay out of the address.
export function watchFilters() {
  document.addEventListener("change", (event) => {
    const pick = event.target.closest("[data-range]");
    if (!pick) return;
    const dates = pick.form.querySelector("[data-dates]");
    if (dates) dates.hidden = pick.value !== "custom";
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.target.closest("form[data-filters]");
    if (!form) return;
    const sent = event.detail.parameters;
    for (const key of [...sent.keys()]) if (sent.get(key) === "") sent.delete(key);
    if (sent.get("range") !== "custom") { sent.delete("from"); sent.delete("to"); }
  });
}
