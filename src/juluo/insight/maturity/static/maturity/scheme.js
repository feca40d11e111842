// The sum of the weights, as they are typed.
function watch(form) {
  const whole = form.querySelector("[data-whole]");
  if (!whole) return;
  const weights = [...form.querySelectorAll('[name^="weight-"]')];
  const add = () => {
    const sum = weights.reduce((total, field) => total + (Number(field.value) || 0), 0);
    whole.textContent = String(Math.round(sum * 1000) / 1000);
    whole.parentElement.classList.toggle("mt-off", Math.abs(sum - 100) > 0.001);
  };
  form.addEventListener("input", add);
  add();
}

function find() {
  for (const form of document.querySelectorAll("[data-scheme]:not([data-watched])")) {
    form.dataset.watched = "yes";
    watch(form);
  }
}

find();
document.addEventListener("htmx:afterSettle", find);
