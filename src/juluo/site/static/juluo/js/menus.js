// Drop-down menus are <details>: they work without us. We close them when the attention goes elsewhere; the theme switch, "/" and tabs.
const root = document.documentElement;

function showTheme() {
  for (const button of document.querySelectorAll("[data-set-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset.setTheme === root.dataset.theme));
  }
}

// Where the tabs are wider than the window, the current one is in view.
function showTab() {
  for (const tab of document.querySelectorAll(".jl-tab-active")) {
    const row = tab.parentElement;
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }
}

export function watchMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.jl-menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const theme = event.target.closest("[data-set-theme]");
    if (theme) root.setTheme(theme.dataset.setTheme);
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.jl-menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("keydown", (event) => { // "/" goes to the search box, as long as nobody is writing
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select, dialog, [contenteditable]")) return;
    const box = [...document.querySelectorAll("[data-find]")].find((one) => one.offsetParent);
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  });
  document.addEventListener("focusout", (event) => {
    const menu = event.target.closest?.("details.jl-menu[open]");
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  document.addEventListener("juluo:theme", showTheme);
  showTheme();
  document.addEventListener("htmx:afterSettle", showTab);
  showTab();

  let waiting = 0;
  const busy = document.querySelector(".jl-busy");
  const show = (change) => {
    waiting = Math.max(0, waiting + change);
    busy?.classList.toggle("jl-on", waiting > 0);
  };
  document.addEventListener("htmx:beforeSend", (event) => { if (!event.target.closest(".jl-progress")) show(1); });
  document.addEventListener("htmx:afterRequest", (event) => { if (!event.target.closest(".jl-progress")) show(-1); });
}
