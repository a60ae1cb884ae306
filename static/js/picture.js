// The picture that one opens grows into that of its page, and shrinks back into its place on the wall.
let grown;

const name = (address) => {
  const [, task, file = 1] = /\/tasks\/(\d+)\/(?:.*\bfile=(\d+))?/.exec(address) ?? [];
  const pictures = document.querySelectorAll(`#task-${task} .card-media img`);
  grown?.style.removeProperty("view-transition-name");
  grown = pictures[file - 1] ?? pictures[0];
  grown?.style.setProperty("view-transition-name", "picture");
};

addEventListener("pageswap", ({ viewTransition, activation }) => viewTransition && name(activation?.entry.url));
addEventListener("pagereveal", ({ viewTransition }) => {
  if (!viewTransition) return;
  name(navigation.activation?.from?.url);
  const forget = () => name();
  viewTransition.finished.then(forget, forget);
});
