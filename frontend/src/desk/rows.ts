/** Lists of the form that grow, shrink and change their order: by buttons, by keys, and by dragging. */

import type { Edit, Path } from "./values.ts";

const KEY = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/;

export class Rows {
  private dragged: HTMLElement | null = null;

  constructor(
    fields: HTMLElement,
    private readonly change: (edits: Edit[]) => void,
  ) {
    fields.addEventListener("click", (event) => this.pressed(event));
    fields.addEventListener("keydown", (event) => this.keyed(event));
    fields.addEventListener("change", (event) => this.renamed(event));
    fields.addEventListener("pointerdown", (event) => this.grabbed(event));
    fields.addEventListener("pointermove", (event) => this.dragging(event));
    fields.addEventListener("pointerup", (event) => this.dropped(event));
    fields.addEventListener("pointercancel", () => this.leave());
  }

  private pressed(event: Event): void {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button");
    if (!button) return;
    const { add, addKey, move, path, remove } = button.dataset;
    const place: Path = path ? JSON.parse(path) : [];
    if (add !== undefined) {
      const value: unknown = JSON.parse(button.dataset.blank ?? '""');
      this.change([{ path: [...place, Number(button.dataset.count)], action: "insert", value }]);
    } else if (addKey !== undefined) {
      const input = button.parentElement?.querySelector<HTMLInputElement>("input");
      if (input) this.added(input);
    } else if (move !== undefined) {
      this.change([{ path: place, action: "move", value: Number(move) }]);
    } else if (remove !== undefined) {
      this.change([{ path: place, action: "remove" }]);
    }
  }

  private keyed(event: KeyboardEvent): void {
    const input = event.target as HTMLElement;
    if (event.key === "Enter" && input.matches(".editor-new-key:not([data-names])"))
      this.added(input as HTMLInputElement);
  }

  private added(input: HTMLInputElement): void {
    const name = input.value.trim();
    if (!KEY.test(name)) {
      input.setCustomValidity("A name begins with a letter; letters, digits and _ may follow.");
      input.reportValidity();
      input.addEventListener("input", () => input.setCustomValidity(""), { once: true });
      return;
    }
    const path: Path = JSON.parse(input.dataset.path ?? "[]");
    input.value = "";
    this.change([{ path: [...path, name], value: JSON.parse(input.dataset.blank ?? '""') }]);
  }

  private renamed(event: Event): void {
    const input = event.target as HTMLInputElement;
    if (!input.matches("[data-key]:not([data-names])")) return;
    const name = input.value.trim();
    if (name) this.change([{ path: JSON.parse(input.dataset.path ?? "[]"), action: "rename", value: name }]);
  }

  /** A row is taken by its head: text in its fields can still be marked. */
  private grabbed(event: PointerEvent): void {
    const head = (event.target as HTMLElement).closest<HTMLElement>(".editor-row-head");
    if (!head || event.button !== 0 || (event.target as HTMLElement).closest("button, input")) return;
    this.dragged = head.closest<HTMLElement>("[data-movable]");
    if (!this.dragged) return;
    event.preventDefault();
    head.setPointerCapture(event.pointerId);
    this.dragged.classList.add("editor-dragged");
  }

  private dragging(event: PointerEvent): void {
    if (!this.dragged) return;
    const goal = this.goal(event);
    for (const row of this.dragged.parentElement?.children ?? [])
      row.classList.toggle("editor-goal", row === goal);
  }

  /** The row of the same list that lies under the pointer. */
  private goal(event: PointerEvent): HTMLElement | null {
    const list = this.dragged?.parentElement;
    let row = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>("[data-movable]");
    while (row && row.parentElement !== list)
      row = row.parentElement?.closest<HTMLElement>("[data-movable]") ?? null;
    return row && row !== this.dragged ? row : null;
  }

  private dropped(event: PointerEvent): void {
    const { dragged } = this;
    const goal = dragged ? this.goal(event) : null;
    this.leave();
    if (!dragged || !goal) return;
    const path: Path = JSON.parse(dragged.dataset.path ?? "[]");
    this.change([{ path, action: "move", value: Number(goal.dataset.number) }]);
  }

  private leave(): void {
    for (const row of this.dragged?.parentElement?.children ?? [])
      row.classList.remove("editor-goal", "editor-dragged");
    this.dragged = null;
  }
}
