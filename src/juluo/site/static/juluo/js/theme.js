// Runs before the first paint, so that nobody is dazzled: light, dark, or as the system says.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const chosen = () => {
    try { return localStorage.getItem("juluo-theme") || "auto"; } catch { return "auto"; }
  };
  const apply = () => {
    const choice = chosen();
    root.dataset.theme = choice;
    root.dataset.bsTheme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    document.dispatchEvent(new CustomEvent("juluo:theme"));
  };
  root.setTheme = (choice) => {
    try { localStorage.setItem("juluo-theme", choice); } catch { /* private windows forget; that is their point */ }
    apply();
  };
  dark.addEventListener("change", apply);
  addEventListener("storage", (event) => { if (event.key === "juluo-theme") apply(); });
  apply();
})();
