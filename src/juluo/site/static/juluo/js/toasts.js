// Short messages: from the server's flash messages (already in the page), from HX-Trigger, and when a request fails without words.
import { word } from "./words.js";

const SECONDS = 6;

function icon(kind) {
  return document.getElementById(`toast-icon-${kind}`)?.content.firstElementChild?.cloneNode(true);
}

function leave(toast) {
  let timer = setTimeout(() => toast.remove(), SECONDS * 1000);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => { timer = setTimeout(() => toast.remove(), 2000); });
}

export function toast(text, kind = "success") {
  const region = document.getElementById("toasts");
  if (!region) return;
  const box = document.createElement("div");
  box.className = `jl-toast jl-toast-${kind}`;
  const words = document.createElement("p");
  words.textContent = text;
  const drawn = icon(kind);
  if (drawn) box.append(drawn);
  box.append(words, document.getElementById("toast-close").content.cloneNode(true));
  region.append(box);
  if (region.showPopover) { // once more on top, also above a dialog that opened meanwhile
    if (region.matches(":popover-open")) region.hidePopover();
    region.showPopover();
  }
  if (kind !== "error") leave(box);
}

export function watchToasts() {
  const region = document.getElementById("toasts");
  if (!region) return;
  document.addEventListener("click", (event) => {
    if (event.target.closest(".jl-toast .jl-close")) event.target.closest(".jl-toast").remove();
  });
  for (const box of region.querySelectorAll(".jl-toast:not(.jl-toast-error)")) leave(box);
  document.addEventListener("juluo:toast", (event) => toast(event.detail.text, event.detail.kind));
  document.addEventListener("htmx:sendError", () => toast(word("offline"), "error"));
  document.addEventListener("htmx:responseError", (event) => {
    if (!event.detail.xhr.getResponseHeader("HX-Trigger")?.includes("juluo:toast")) toast(word("failed"), "error");
  });
}
