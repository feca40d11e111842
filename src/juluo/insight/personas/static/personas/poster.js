// 「导出图片」: the server draws the poster as SVG; the browser, which has the fonts, makes a PNG of it and hands it over as a file.

const SHARP = 2;
const MOST = 16_000; // pixels to a side: beyond that browsers draw nothing

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-poster]");
  if (!button) return;
  button.disabled = true;
  try {
    save(await png(button.dataset.poster), button.dataset.name);
  } catch {
    document.dispatchEvent(new CustomEvent("juluo:toast", { detail: { text: button.dataset.failed, kind: "error" } }));
  } finally {
    button.disabled = false;
  }
});

async function png(url) {
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("image/svg+xml")) throw new Error("no poster");
  const source = URL.createObjectURL(new Blob([await answer.text()], { type: "image/svg+xml" }));
  try {
    const image = await loaded(source);
    const scale = Math.min(SHARP, MOST / image.naturalHeight);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/png"));
  } finally {
    URL.revokeObjectURL(source);
  }
}

function loaded(source) {
  return new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = failed;
    image.src = source;
  });
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
