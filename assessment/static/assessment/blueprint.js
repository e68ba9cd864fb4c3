/* Rows of a blueprint are added and removed on the page; without scripts its buttons ask the server to. */
(() => {
  const form = document.getElementById("blueprint");
  const rows = document.getElementById("blueprint-rows");
  const blank = document.getElementById("blueprint-blank");
  if (!form || !rows || !blank) return;

  const number = () => {
    [...rows.children].forEach((row, place) => {
      for (const field of row.querySelectorAll("[data-name]")) {
        field.setAttribute("aria-label", field.dataset.name.replace("#", String(place + 1)));
        if (field.name === "remove") field.value = String(place);
      }
    });
  };

  const add = (value) => {
    const [skill = "", difficulty = "", kind = ""] = value.split("|");
    const row = blank.content.firstElementChild.cloneNode(true);
    for (const [name, chosen] of Object.entries({ skill, difficulty, kind })) {
      row.querySelector(`[name=${name}]`).value = chosen;
    }
    rows.querySelector("[data-empty]")?.remove();
    rows.append(row);
    number();
    row.querySelector("[name=count]").focus();
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.name === "add") {
      event.preventDefault();
      add(button.value);
    }
    if (button?.name === "remove") {
      event.preventDefault();
      const row = button.closest("tr");
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      number();
      (next?.querySelector("[name=remove]") ?? form.querySelector("[name=add]")).focus();
    }
  });
})();
