// Keys for those who read many responses. Everything works without this file.
"use strict";

const rows = [...document.querySelectorAll(".queue .row")];
let current = -1;

function go(step) {
  if (!rows.length) return;
  current = Math.max(0, Math.min(rows.length - 1, current + step));
  const box = rows[current].querySelector("input[type=checkbox]");
  box.focus({ preventScroll: true });
  rows[current].scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
  if (event.key === "j") return go(1);
  if (event.key === "k") return go(-1);
  const focused = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[focused >= 0 ? focused : current];
  if (!row) return;
  if (event.key === "x") row.querySelector("input[type=checkbox]").click();
  else row.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
});

document.querySelector("[data-select]")?.addEventListener("click", (event) => {
  event.preventDefault();
  const boxes = rows.map((row) => row.querySelector("input[type=checkbox]"));
  const tick = boxes.some((box) => !box.checked);
  for (const box of boxes) box.checked = tick;
  event.target.textContent = tick ? "Select none" : "Select all";
});

document.querySelector(".keys")?.removeAttribute("hidden");
