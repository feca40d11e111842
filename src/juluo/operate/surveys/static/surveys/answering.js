// Shows and hides questions while somebody answers, exactly as rules/flow.py does on the server. Without it the server does it alone.
const form = document.querySelector("[data-answering]");
const flow = JSON.parse(document.getElementById("survey-flow").textContent);

function answer(question) {
  const name = `q-${question.code}`;
  const fields = [...form.elements].filter((field) => field.name === name || field.name?.startsWith(`${name}-`));
  if (question.kind === "matrix") {
    const chosen = fields.filter((field) => field.checked).map((field) => field.value);
    return chosen.length ? { choices: chosen } : null;
  }
  const own = fields.filter((field) => field.name === name);
  if (question.kind === "single" || question.kind === "multiple") {
    const chosen = own.filter((field) => field.checked).map((field) => field.value);
    return chosen.length ? { choices: chosen } : null;
  }
  if (question.kind === "scale" || question.kind === "nps") {
    const chosen = own.find((field) => field.checked);
    return chosen ? Number(chosen.value) : null;
  }
  if (question.kind === "number") {
    const said = own[0]?.value.replace(/[,，]/g, "").trim();
    return said && Number.isFinite(Number(said)) ? Number(said) : null;
  }
  return null;
}

function met(condition, seen) {
  const question = seen.get(condition.question);
  const said = question ? answer(question) : null;
  if (said === null) return false;
  const op = condition.op ?? "is";
  if (typeof said === "number") {
    const number = condition.number ?? null;
    if (number === null) return false;
    return { at_least: said >= number, at_most: said <= number, is: said === number, not: said !== number }[op];
  }
  const among = said.choices.some((choice) => (condition.choices ?? []).includes(choice));
  return op === "is" ? among : op === "not" && !among;
}

function way() {
  const seen = new Map();
  let ahead = "";
  for (const question of flow) {
    if (ahead && question.code !== ahead) continue;
    ahead = "";
    if (question.show_if && !met(question.show_if, seen)) continue;
    seen.set(question.code, question);
    const jump = (question.jumps ?? []).find((one) => !one.when || met(one.when, seen));
    if (jump?.to === "end") break;
    ahead = jump?.to ?? "";
  }
  return seen;
}

function show() {
  const seen = way();
  for (const place of form.querySelectorAll("[data-question]")) place.hidden = !seen.has(place.dataset.question);
  form.elements.shown.value = [...seen.keys()].join(",");
}

form.addEventListener("change", show);
form.addEventListener("input", (event) => {
  if (event.target.name?.endsWith("-other") && event.target.value) {
    const box = event.target.closest(".pt-options")?.querySelector('input[value="other"]');
    if (box && !box.checked) { box.checked = true; }
  }
});
form.addEventListener("submit", (event) => {
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});
addEventListener("pageshow", () => { delete form.dataset.sent; show(); });
document.querySelector(".pt-field-bad")?.scrollIntoView({ block: "center" });
