// Small behaviours of tags and attributes: fields that only one kind has, moving tags by hand, and lists that act on what the filters show.

// Fields with data-of-kind belong to one kind, chosen in the drop-down with data-kinds.
function showKinds(form) {
  const kind = form.querySelector("[data-kinds]")?.value;
  for (const one of form.querySelectorAll("[data-of-kind]")) (one.closest(".jl-field") ?? one).hidden = one.dataset.ofKind !== kind;
}
for (const chooser of document.querySelectorAll("[data-kinds]")) showKinds(chooser.form);
document.addEventListener("change", (event) => { if (event.target.matches("[data-kinds]")) showKinds(event.target.form); });

// The filters change the address without loading the page; a form that acts on "all that match" must say which those are now.
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-with-query]")) event.target.elements.query.value = location.search;
}, true);

// The tag tree: a tag dropped on another goes below it, dropped into a gap it goes there.
let dragged = null;
const place = (event) => {
  const tree = event.target.closest("[data-tree]");
  if (!tree || !dragged) return null;
  const spot = event.target.closest(".pf-gap, .pf-node");
  return spot && !dragged.contains(spot) ? spot : null;
};
const clear = () => { for (const one of document.querySelectorAll(".pf-over")) one.classList.remove("pf-over"); };
document.addEventListener("dragstart", (event) => {
  const node = event.target.closest?.(".pf-node[draggable]");
  if (!node) return;
  dragged = node.closest("[data-tag]");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.tag);
});
document.addEventListener("dragover", (event) => {
  const spot = place(event);
  clear();
  if (!spot) return;
  event.preventDefault();
  spot.classList.add("pf-over");
});
document.addEventListener("dragend", () => { dragged = null; clear(); });
document.addEventListener("drop", (event) => {
  const spot = place(event);
  if (!spot) return;
  event.preventDefault();
  const values = spot.classList.contains("pf-gap")
    ? { parent: spot.dataset.parent, before: spot.dataset.before }
    : { parent: spot.closest("[data-tag]").dataset.tag, before: "" };
  const url = spot.closest("[data-tree]").dataset.tree.replace("/0/", `/${dragged.dataset.tag}/`);
  window.htmx.ajax("POST", url, { values, target: "#tag-tree", swap: "outerHTML" });
});
