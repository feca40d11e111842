// Sentences for behaviours, translated by the server into one JSON block of the page.
const block = document.getElementById("juluo-words");
const words = block ? JSON.parse(block.textContent) : {};
export const word = (key) => words[key] || key;
