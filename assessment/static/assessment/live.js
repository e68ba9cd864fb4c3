/* Reads the live table again every few seconds. What is ticked, where one has scrolled and the focus stay. */
(() => {
  const EVERY = 15_000;
  const live = document.getElementById("live");
  const note = document.getElementById("live-note");
  if (!live || !note) return;

  const read = async () => {
    const reply = await fetch(live.dataset.source, { credentials: "same-origin" });
    if (!reply.ok) throw new Error(String(reply.status));
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = page.getElementById("live");
    if (!fresh) throw new Error("signed out");
    return fresh;
  };

  const take = (fresh) => {
    const ticked = new Set([...live.querySelectorAll("input:checked")].map((one) => one.id));
    const focused = live.contains(document.activeElement) ? document.activeElement.id : "";
    const { scrollTop = 0, scrollLeft = 0 } = document.getElementById("live-region") ?? {};
    live.replaceChildren(...fresh.childNodes);
    for (const one of live.querySelectorAll("input[type=checkbox]")) one.checked = ticked.has(one.id);
    const region = document.getElementById("live-region");
    if (region) Object.assign(region, { scrollTop, scrollLeft });
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };

  const refresh = async () => {
    if (document.hidden) return;
    try {
      take(await read());
      if (note.dataset.stale) note.textContent = "The table is up to date again.";
      delete note.dataset.stale;
    } catch {
      if (!note.dataset.stale) note.textContent = "The table could not be read: it shows how things were. It is tried again.";
      note.dataset.stale = "true";
    }
  };

  setInterval(refresh, EVERY);
  document.addEventListener("visibilitychange", refresh);
})();
