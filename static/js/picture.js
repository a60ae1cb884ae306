// The picture that one opens grows into that of its page, and shrinks back into its place on the wall.
let grown;

const grow = (address) => {
  const [, task, file] = /\/tasks\/(\d+)\/(?:.*[?&]file=(\d+))?/.exec(address ?? "") ?? [];
  const pictures = document.querySelectorAll(`#task-${task} .card-media img`);
  grown?.style.removeProperty("view-transition-name");
  grown = pictures[(file ?? 1) - 1] ?? pictures[0];
  grown?.style.setProperty("view-transition-name", "picture");
};

addEventListener("pageswap", (event) => event.viewTransition && grow(event.activation?.entry.url));
addEventListener("pagereveal", async (event) => {
  if (!event.viewTransition) return;
  grow(navigation.activation?.from?.url);
  await event.viewTransition.finished.catch(() => {});
  grown?.style.removeProperty("view-transition-name");
});
