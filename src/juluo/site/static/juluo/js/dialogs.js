// Native dialogs: data-open="id" opens, data-close closes; forms with data-confirm ask first.
let pending = null;

function ask(form) {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("[data-question]").textContent = form.dataset.confirm;
  const text = dialog.querySelector("[data-text]");
  text.textContent = form.dataset.confirmText || "";
  text.hidden = !form.dataset.confirmText;
  const yes = dialog.querySelector("[data-yes]");
  yes.textContent = form.dataset.confirmLabel;
  yes.className = `btn btn-${form.dataset.confirmTone || "danger"}`;
  pending = form;
  dialog.returnValue = "";
  dialog.showModal();
}

export function watchDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    const closer = event.target.closest("dialog [data-close]");
    if (closer) closer.closest("dialog").close();
    if (event.target instanceof HTMLDialogElement && !event.target.classList.contains("jl-drawer")) event.target.close();
  });
  // Capture, so that the question comes before htmx sends anything.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form);
  }, true);
  const dialog = document.getElementById("confirm");
  dialog?.addEventListener("close", () => {
    const form = pending;
    pending = null;
    if (dialog.returnValue !== "yes" || !form) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit();
    delete form.dataset.confirmed;
  });
}
