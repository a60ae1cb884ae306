// Typed text survives signing in again and a reload, in this tab.
const fields = () => document.querySelectorAll("[data-draft] textarea");
const key = (field) => `draft ${field.id}`;
for (const field of fields()) field.value ||= sessionStorage.getItem(key(field)) ?? "";
document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-draft] textarea")) sessionStorage.setItem(key(target), target.value);
});
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (!ctx.sourceElement.matches("[data-draft]") || !ctx.response.raw.ok || ctx.hx.redirect) return;
  for (const field of fields()) sessionStorage.removeItem(key(field));
});
