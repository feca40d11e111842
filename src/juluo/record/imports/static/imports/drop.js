// Uploading in pieces: each piece is acknowledged with the offset wanted next, so a broken connection continues where it stood.
const PATIENCE = [1, 2, 4, 8, 15, 30, 30, 30]; // seconds between tries

function csrf() {
  return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
}

async function post(url, body, headers = {}) {
  const response = await fetch(url, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": csrf(), ...headers } });
  const answer = await response.json().catch(() => ({}));
  return { ok: response.ok, status: response.status, answer };
}

async function patiently(send, onLost) {
  for (const wait of PATIENCE) {
    try {
      const result = await send();
      if (result.status < 500) return result;
    } catch { /* offline: wait and try again */ }
    onLost();
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  }
  return send();
}

function spell(seconds, words) {
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} ${words.wordSeconds}` : `${Math.round(seconds / 60)} ${words.wordMinutes}`;
}

class Drop {
  constructor(root) {
    this.root = root;
    this.find = (name) => root.querySelector(`[data-drop-${name}]`);
    this.find("input").addEventListener("change", (event) => this.take(event.target.files[0]));
    root.addEventListener("dragover", (event) => { event.preventDefault(); root.classList.add("jl-drop-over"); });
    root.addEventListener("dragleave", () => root.classList.remove("jl-drop-over"));
    root.addEventListener("drop", (event) => this.dropped(event));
  }

  dropped(event) {
    event.preventDefault();
    this.root.classList.remove("jl-drop-over");
    const entry = event.dataTransfer.items?.[0]?.webkitGetAsEntry?.();
    if (entry?.isDirectory) return this.fail(this.root.dataset.wordFolder);
    if (event.dataTransfer.files.length > 1) return this.fail(this.root.dataset.wordSeveral);
    return this.take(event.dataTransfer.files[0]);
  }

  fail(words) {
    const error = this.find("error");
    error.textContent = words;
    error.hidden = false;
    this.find("going").hidden = true;
    this.root.querySelector(".jl-drop-face").hidden = false;
    this.find("input").value = "";
  }

  show(done, total, words) {
    this.find("bar").value = total ? (100 * done) / total : 0;
    this.find("share").textContent = total ? `${Math.floor((100 * done) / total)}%` : "";
    this.find("words").textContent = words;
  }

  async take(file) {
    if (!file) return;
    this.find("error").hidden = true;
    this.root.querySelector(".jl-drop-face").hidden = true;
    this.find("going").hidden = false;
    this.find("name").textContent = `${this.root.dataset.wordSending} ${file.name}`;
    const lost = () => this.show(this.offset ?? 0, file.size, this.root.dataset.wordLost);
    const begun = await patiently(() => post(this.root.dataset.begin, JSON.stringify({ name: file.name, size: file.size })), lost);
    if (!begun.ok) return this.fail(begun.answer.title ?? this.root.dataset.wordFailed);
    this.offset = begun.answer.offset;
    const started = performance.now(), from = this.offset, size = Number(this.root.dataset.chunk);
    while (true) {
      const piece = file.slice(this.offset, this.offset + size);
      const sent = await patiently(() => post(begun.answer.url, piece, { "Upload-Offset": this.offset, "Content-Type": "application/octet-stream" }), lost);
      if (sent.answer.next && sent.ok) { location.href = sent.answer.next; return; }
      if (sent.status === 409 && sent.answer.offset !== undefined && sent.answer.offset !== this.offset) { this.offset = sent.answer.offset; continue; }
      if (!sent.ok) return this.fail(sent.answer.title ?? this.root.dataset.wordFailed);
      this.offset = sent.answer.offset;
      const rate = (this.offset - from) / ((performance.now() - started) / 1000);
      const mega = (bytes) => (bytes / 1e6).toFixed(1);
      this.show(this.offset, file.size, `${mega(this.offset)} / ${mega(file.size)} MB · ${mega(rate)} MB/s · ${this.root.dataset.wordLeft} ${spell((file.size - this.offset) / rate, this.root.dataset)}`);
    }
  }
}

for (const root of document.querySelectorAll("[data-drop]")) new Drop(root);
