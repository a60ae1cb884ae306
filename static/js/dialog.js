// #share opens when htmx has put something into it, closes when that is taken out, and is emptied when it closes.
const dialog = document.querySelector("#share");

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!dialog.firstElementChild) dialog.close();
  else if (!dialog.open) dialog.showModal();
  if (ctx?.response?.status === 422) dialog.querySelector("[aria-invalid='true']")?.focus();
});
dialog.addEventListener("close", () => dialog.replaceChildren());
