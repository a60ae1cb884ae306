// <button data-copy="id"> copies what the element with that id holds or says, and says so for two seconds.
// Over plain http there is no clipboard object; then the text is selected and copied the old way.
const copyOldWay = (source) => {
  if (source.select) source.select();
  else getSelection().selectAllChildren(source);
  return document.execCommand("copy");
};

const copy = async (source) => {
  if (!navigator.clipboard) return copyOldWay(source);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
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
