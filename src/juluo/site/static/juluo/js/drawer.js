// The sheet at the right: any element with hx-target="#drawer-body" and data-drawer opens it at once and fills it when the answer comes.
const drawer = () => document.getElementById("drawer");
const body = () => document.getElementById("drawer-body");

function waitingSheet() {
  body().replaceChildren(document.getElementById("drawer-waiting").content.cloneNode(true));
  body().scrollTop = 0;
}

export function openDrawer() {
  if (!drawer().open) drawer().showModal();
}

export function watchDrawer() {
  if (!drawer()) return;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target?.id !== "drawer-body") return;
    if (event.target.closest("[data-drawer]") || !drawer().open) waitingSheet();
    openDrawer();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.target?.id === "drawer-body" && !event.detail.successful) drawer().close();
  });
  drawer().addEventListener("click", (event) => {
    if (event.target === drawer() || event.target.closest("[data-close]")) drawer().close();
  });
}
