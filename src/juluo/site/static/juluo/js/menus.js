// Drop-down menus are <details>: they work without us. We close them when the attention goes elsewhere; and the theme switch.
const root = document.documentElement;

function showTheme() {
  for (const button of document.querySelectorAll("[data-set-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset.setTheme === root.dataset.theme));
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
  document.addEventListener("focusout", (event) => {
    const menu = event.target.closest?.("details.jl-menu[open]");
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  document.addEventListener("juluo:theme", showTheme);
  showTheme();

  let waiting = 0;
  const busy = document.querySelector(".jl-busy");
  const show = (change) => {
    waiting = Math.max(0, waiting + change);
    busy?.classList.toggle("jl-on", waiting > 0);
  };
  document.addEventListener("htmx:beforeSend", (event) => { if (!event.target.closest(".jl-progress")) show(1); });
  document.addEventListener("htmx:afterRequest", (event) => { if (!event.target.closest(".jl-progress")) show(-1); });
}
