// Suggests tags for the last word of a line in which commas part them. The browser shows the list.

let lists = 0;

function listOf(input) {
  if (!input.list) {
    const list = document.createElement("datalist");
    list.id = `tags-known-${(lists += 1)}`;
    input.after(list);
    input.setAttribute("list", list.id);
  }
  return input.list;
}

function suggest(input) {
  const begun = input.value
    .split(",")
    .slice(0, -1)
    .map((part) => part.trim());
  const known = JSON.parse(input.dataset.known || "[]");
  const options = known
    .filter((tag) => !begun.includes(tag))
    .map((tag) => {
      const option = document.createElement("option");
      option.value = [...begun, tag].join(", ");
      return option;
    });
  listOf(input).replaceChildren(...options);
}

for (const moment of ["focusin", "input"]) {
  document.addEventListener(moment, (event) => {
    if (event.target instanceof HTMLInputElement && event.target.matches("input.tags")) suggest(event.target);
  });
}
