/** Tabs by mouse and keys, as the ARIA Authoring Practices describe them. */

export function tabs(list: HTMLElement, chosen: (tab: HTMLElement) => void): (tab: HTMLElement) => void {
  const all = [...list.querySelectorAll<HTMLElement>('[role="tab"]')];

  const choose = (tab: HTMLElement): void => {
    for (const one of all) {
      one.setAttribute("aria-selected", String(one === tab));
      one.tabIndex = one === tab ? 0 : -1;
    }
    chosen(tab);
  };

  list.addEventListener("click", (event) => {
    const tab = (event.target as HTMLElement).closest<HTMLElement>('[role="tab"]');
    if (tab) choose(tab);
  });
  list.addEventListener("keydown", (event) => {
    const here = all.indexOf(event.target as HTMLElement);
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (here < 0 || next === undefined) return;
    event.preventDefault();
    const tab = all[(next + all.length) % all.length];
    tab?.focus();
    if (tab) choose(tab);
  });
  return choose;
}
