// <button data-copy="id"> copies what the element with that id holds or says, and says so for two seconds.
// Over plain http there is no clipboard object; then the text is selected and copied the old way.
const copyOldWay = (text) => {
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "sr", readOnly: true });
  const focused = document.activeElement;
  focused.after(field); // there, or an open menu would close
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused.focus();
  return done;
};

const copy = async (source) => {
  const text = source.value ?? source.textContent.trim();
  if (!navigator.clipboard) return copyOldWay(text);
  await navigator.clipboard.writeText(text);
  return true;
};

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button || button.dataset.copied) return;
  const done = await copy(document.getElementById(button.dataset.copy)).catch(() => false);
  if (!done) return;
  button.dataset.copied = "true";
  const announce = document.querySelector("#announce");
  if (announce) announce.textContent = "Copied.";
  setTimeout(() => delete button.dataset.copied, 2000);
});
