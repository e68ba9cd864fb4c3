/* Files may be dropped on the form, and are told from afar when they are too large to be sent. */
(() => {
  const form = document.getElementById("media-form");
  const input = document.getElementById("media-file");
  const place = document.getElementById("media-drop");
  const fault = document.getElementById("media-fault");
  const hint = document.getElementById("media-hint");
  for (const line of document.querySelectorAll("input.link[readonly]"))
    line.addEventListener("focus", () => line.select());
  if (!form || !input || !place || !fault) return;

  const MIB = 1024 * 1024;
  const TOGETHER = 19 * MIB;
  const mostFiles = Number(form.dataset.mostFiles);
  const mostBytes = Number(form.dataset.mostBytes);

  const wrongWith = (files) => {
    const large = files.filter((file) => file.size > mostBytes).map((file) => file.name);
    if (large.length) return `Larger than ${mostBytes / MIB} MiB: ${large.join(", ")}.`;
    if (files.length > mostFiles) return `${mostFiles} files are taken at once, and these are ${files.length}.`;
    const all = files.reduce((sum, file) => sum + file.size, 0);
    return all > TOGETHER ? `Together these are more than ${TOGETHER / MIB} MiB: bring them in two goes.` : "";
  };

  const check = () => {
    const reason = wrongWith([...input.files]);
    fault.textContent = reason;
    fault.hidden = reason === "";
    return reason === "";
  };

  if (hint) hint.textContent = "or drop them here";
  input.addEventListener("change", check);
  form.addEventListener("submit", (event) => {
    if (!check()) event.preventDefault();
  });
  for (const kind of ["dragenter", "dragover"])
    place.addEventListener(kind, (event) => {
      event.preventDefault();
      place.classList.add("over");
    });
  for (const kind of ["dragleave", "drop"]) place.addEventListener(kind, () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    check();
  });
})();
