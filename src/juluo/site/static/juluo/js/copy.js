// data-copy="id of an input": puts its value on the clipboard and says so.
import { toast } from "./toasts.js";
import { word } from "./words.js";

export function watchCopy() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const input = document.getElementById(button.dataset.copy);
    input.select?.();
    try {
      await navigator.clipboard.writeText(input.value ?? input.textContent);
    } catch {
      document.execCommand("copy"); // plain http has no clipboard API
    }
    toast(word("copied"));
  });
}
