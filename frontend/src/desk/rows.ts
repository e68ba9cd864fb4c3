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
    fields.addEventListener("dragstart", (event) => this.lifted(event));
    fields.addEventListener("dragover", (event) => {
      if (this.target(event)) event.preventDefault();
    });
    fields.addEventListener("drop", (event) => this.dropped(event));
    fields.addEventListener("dragend", () => {
      this.dragged?.removeAttribute("draggable");
      this.dragged = null;
    });
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
    const head = (event.target as HTMLElement).closest(".editor-row-head");
    if (!head || (event.target as HTMLElement).closest("button, input")) return;
    head.closest<HTMLElement>("[data-movable]")?.setAttribute("draggable", "true");
  }

  private lifted(event: DragEvent): void {
    this.dragged = (event.target as HTMLElement).closest<HTMLElement>("[data-movable][draggable]");
    event.dataTransfer?.setData("text/plain", "");
  }

  private target(event: Event): HTMLElement | null {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-movable]");
    return row && this.dragged && row !== this.dragged && row.parentElement === this.dragged.parentElement
      ? row
      : null;
  }

  private dropped(event: DragEvent): void {
    const row = this.target(event);
    if (!row || !this.dragged) return;
    event.preventDefault();
    const path: Path = JSON.parse(this.dragged.dataset.path ?? "[]");
    this.change([{ path, action: "move", value: Number(row.dataset.number) }]);
  }
}
