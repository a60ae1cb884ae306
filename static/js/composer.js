// The composer by hand: send with Ctrl+Enter, count characters, step and roll numbers, go to what is wrong.
const form = () => document.querySelector("#composer");
const prompt = () => document.querySelector("#composer-prompt");

// Only the button and Ctrl+Enter send: Enter in a field must not spend money.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.closest("#composer") || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    form().requestSubmit();
  } else if (event.target.matches("input")) event.preventDefault();
});

// Characters as the server counts them: code points, without blanks at the ends.
const count = () => {
  const [counter, length] = [document.querySelector("#prompt-count"), [...prompt().value.trim()].length];
  const longest = Number(counter.dataset.longest);
  counter.textContent = `${length.toLocaleString("en")} / ${longest.toLocaleString("en")}`;
  counter.toggleAttribute("data-over", length > longest);
};

const change = (input, value) => {
  input.value = value;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

document.addEventListener("input", ({ target }) => {
  if (target.id === "composer-prompt") count();
});

document.addEventListener("click", ({ target }) => {
  const step = target.closest("[data-step]");
  if (step) {
    const input = step.parentElement.querySelector("input");
    const wanted = (Number(input.value) || 0) + Number(step.dataset.step);
    change(input, Math.min(Math.max(wanted, Number(input.min)), Number(input.max)));
  }
  const roll = target.closest("[data-roll]");
  if (roll) change(document.getElementById(roll.dataset.roll), Math.floor(Math.random() * (Number(roll.dataset.most) + 1)));
  const clear = target.closest("[data-clear]");
  if (clear) {
    const field = document.getElementById(clear.dataset.clear);
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }
});

// What is typed while an order is on its way is no part of it, and stays.
let sent, late;
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement === form()) sent = prompt().value;
});
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  if (ctx.sourceElement === form() && prompt().value !== sent) late = prompt().value;
});
document.addEventListener("htmx:after:swap", () => {
  if (late === undefined) return;
  prompt().value = late;
  late = undefined;
  prompt().dispatchEvent(new Event("input", { bubbles: true }));
});

// A reason why it cannot be sent leads to its field.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".reasons a");
  if (!link) return;
  event.preventDefault();
  const name = link.hash.slice(1);
  const place = document.getElementById(name) ?? document.getElementsByName(name)[0];
  for (let details = place; (details = details?.closest("details:not([open])")); ) details.open = true;
  (place?.matches("input, select, textarea, button") ? place : place?.querySelector("input:not([type=hidden]), button"))?.focus();
});

// What is wrong must be seen, and has the focus once it was to be sent.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  for (const details of document.querySelectorAll("#composer details:has([aria-invalid])")) details.open = true;
  if (ctx?.response?.status !== 422 || document.activeElement?.matches("[aria-invalid]")) return;
  document.querySelector("#composer [aria-invalid]")?.focus();
});

// A text that came along, from an address or a draft, is shown at once where the composer is a closed sheet.
const show = () => {
  const sheet = form();
  if (getComputedStyle(sheet).display === "none") sheet.showPopover();
  if (document.querySelector("#models[data-open]")) document.querySelector("#choose-model").click();
};

// So is what was taken back.
document.addEventListener("htmx:after:swap", () => {
  const back = document.querySelector("#desk[data-shown]");
  back?.removeAttribute("data-shown");
  if (back) show();
});

// More settings that open below the edge come into view. Their caret moves as long as they do, and it alone tells when it is done.
document.addEventListener("transitionend", ({ target }) => {
  const details = target.matches(".caret") && target.closest("#more-settings[open]");
  const scroll = details && details.closest(".composer-scroll");
  if (scroll) scroll.scrollTop += details.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
});

// Links to the studio with something to begin with are answered in the composer, and the wall stays where it is.
const BEGINNINGS = ["remix", "input", "upload", "undone", "preset", "prompt"];
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href*='?']");
  const desk = document.querySelector("#desk");
  if (!link || !desk || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const wanted = new URLSearchParams(link.search);
  if (link.pathname !== location.pathname || !BEGINNINGS.some((name) => wanted.has(name))) return;
  event.preventDefault();
  await htmx.ajax("POST", desk.dataset.begin + link.search, { source: desk, target: "#desk", swap: "outerHTML" });
  show();
  count();
  prompt().dispatchEvent(new Event("input", { bubbles: true })); // for the draft
  if (!document.querySelector("#models:popover-open")) prompt().focus();
});

if (prompt()) {
  if (prompt().value) count();
  if ("open" in form().dataset) show();
}
