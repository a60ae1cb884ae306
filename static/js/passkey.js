// One form of the page is answered by a passkey: the browser makes one (data-passkey="create") or asks for one ("get"),
// and what it says is sent. What the browser must know comes with the page, or from the address in data-options.
// Where there are no passkeys, what leads to them stays hidden.
const form = document.querySelector("[data-passkey]");
const error = document.querySelector("#passkey-error");
const WORDS = {
  InvalidStateError: "There is a passkey of yours on this device already.",
  NotAllowedError: "No passkey was chosen, or it took too long. Try again.",
};
let isAsking = false;

const options = async () => {
  if (!form.dataset.options) return JSON.parse(document.querySelector("#passkey-options").textContent);
  const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
  if (answer.status === 429) throw new Error("Too many tries. Wait a minute, then try again.");
  return (await answer.json()).request_options;
};

const make = ({ publicKey }) => {
  publicKey.authenticatorSelection = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
};

const ask = ({ publicKey }) =>
  navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });

const say = (words) => {
  error.hidden = !words;
  error.lastElementChild.textContent = words;
};

const answer = async (event) => {
  event.preventDefault();
  if (isAsking) return;
  isAsking = true;
  say("");
  try {
    const passkey = await (form.dataset.passkey === "create" ? make : ask)(await options());
    form.elements.credential.value = JSON.stringify(passkey.toJSON());
    const { remember } = form.elements;
    if (remember) remember.disabled = !document.querySelector("#id_remember").checked;
    form.submit();
  } catch (problem) {
    say(WORDS[problem.name] ?? (problem.name === "Error" ? problem.message : "That did not work. Try again."));
  }
  isAsking = false;
};

if (form && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const part of document.querySelectorAll("[data-with-passkeys]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-without-passkeys]")) part.hidden = true;
  form.addEventListener("submit", answer);
}
