// A secret for this browser, kept by the platform where cookies are blocked in frames (LTI Platform Storage 1.0).
// Milliseconds: a busy machine takes its time, and there is a button for who will not wait.
const PATIENCE = 4000;

function frameOf(target) {
  const around = window.opener || window.parent;
  if (target === "_parent") return around;
  try {
    return around.frames[target] || around;
  } catch {
    return around;
  }
}

/** Ask the platform; resolve with its answer, or with null when it has none in time. */
function ask(element, message) {
  const { origin } = new URL(element.dataset.address);
  const id = crypto.randomUUID();
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), PATIENCE);
    addEventListener("message", (event) => {
      if (event.origin !== origin || event.data?.message_id !== id) return;
      clearTimeout(timer);
      resolve(event.data.error ? null : event.data);
    });
    frameOf(element.dataset.target).postMessage({ ...message, message_id: id, key: element.dataset.key }, origin);
  });
}

const keep = document.getElementById("keep");
if (keep)
  ask(keep, { subject: "lti.put_data", value: keep.dataset.secret }).then(() => location.replace(keep.dataset.address));

const fetched = document.getElementById("fetch");
if (fetched)
  ask(fetched, { subject: "lti.get_data" }).then((answer) => {
    fetched.elements.kept.value = typeof answer?.value === "string" ? answer.value : "";
    fetched.requestSubmit();
  });
