// What is in the composer is kept on the server as one types, and in this tab until the server has it: signed out,
// offline or with another window in between, nothing is lost.
const PAUSE = 1500;
const MOST_ALIVE = 60_000; // bytes that a browser still sends for a page that goes
const form = () => document.querySelector("form[data-draft]");
const notice = () => document.querySelector("#draft-notice");
const desk = () => document.querySelector("#desk");
let known = desk(), changed = false, taken = false, timer;

const key = (area) => `draft ${area.id}`;
const forget = () => Object.keys(sessionStorage).forEach((name) => name.startsWith("draft ") && sessionStorage.removeItem(name));

const save = async () => {
  timer = clearTimeout(timer);
  if (!changed || !form() || !notice().hidden) return;
  const version = form().elements.draft;
  const seen = Number(version.value);
  const body = new URLSearchParams([...new FormData(form())].filter(([, value]) => typeof value === "string"));
  changed = false;
  version.value = seen + 1; // in case the page goes before the answer comes
  try {
    const keepalive = body.toString().length < MOST_ALIVE;
    const answer = await fetch(form().dataset.draft, { method: "POST", body, keepalive, redirect: "error" });
    const now = await answer.text();
    if (answer.status === 409) {
      version.value = seen;
      notice().hidden = false;
      notice().querySelector("[data-keep-mine]").value = now;
    } else if (answer.ok) {
      version.value = Math.max(version.value, now);
      if (!changed) forget();
    }
  } catch {
    version.value = seen; // signed out, or offline: the next key tries again
    changed = true;
  }
};

const note = () => {
  changed = true;
  timer ??= setTimeout(save, PAUSE);
};

const typed = ({ type, target }) => {
  if (!target.name || !form()?.contains(target)) return;
  if (type === "input" && target.matches("textarea[id]")) sessionStorage.setItem(key(target), target.value);
  note();
};
document.addEventListener("input", typed);
document.addEventListener("change", typed);
document.addEventListener("visibilitychange", () => document.hidden && save());
addEventListener("pagehide", save);

document.addEventListener("click", ({ target }) => {
  const keep = target.closest("[data-keep-mine]");
  if (!keep) return;
  form().elements.draft.value = keep.value;
  notice().hidden = true;
  changed = true;
  save();
});

// Sending ends it; the other one, taken over, is saved already. What comes into the composer otherwise is the draft now.
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement === form()) timer = clearTimeout(timer);
});
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (!ctx.sourceElement.matches("[data-draft], [data-take-other]") || !ctx.response.raw.ok || ctx.hx.redirect) return;
  changed = false;
  taken = ctx.sourceElement.matches("[data-take-other]"); // after the swap its button is gone, and htmx tells of another
  forget();
});
document.addEventListener("htmx:after:swap", () => {
  if (known === desk()) return;
  known = desk();
  if (known && form().elements.prompt.value && !taken) note();
  taken = false;
});

for (const area of form()?.querySelectorAll("textarea[id]") ?? []) {
  const unsaved = sessionStorage.getItem(key(area));
  if (unsaved === null || unsaved === area.value) continue;
  area.value = unsaved;
  note();
}
