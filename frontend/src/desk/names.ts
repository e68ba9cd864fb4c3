/** Finding skills, misconceptions and items by typing, and making new ones on the spot. */

import { get, type Named, NoAnswer, post } from "./talk.ts";

interface Places {
  names: string;
  newName: string;
}

const DELAY = 150;
const CAN_BE_MADE = new Set(["skill", "misconception"]);

/** A list under a text field; whoever picks or makes something there calls `picked`. */
export class NameSearch {
  private list: HTMLUListElement | null = null;
  private found: Named[] = [];
  private active = -1;
  private timer = 0;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly places: Places,
    private readonly picked: (slug: string) => void,
  ) {
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", () => this.soon());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => window.setTimeout(() => this.close(), 200));
  }

  private get kind(): string {
    return this.input.dataset.names ?? "";
  }

  private soon(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.search(), DELAY);
  }

  private async search(): Promise<void> {
    const typed = this.input.value.trim();
    try {
      const { results } = await get<{ results: Named[] }>(this.places.names, {
        kind: this.kind,
        search: typed,
      });
      if (typed === this.input.value.trim()) this.show(results);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.close();
    }
  }

  private show(results: Named[]): void {
    this.close();
    this.found = results;
    const list = document.createElement("ul");
    list.className = "editor-found";
    list.id = `${this.input.id}-found`;
    list.setAttribute("role", "listbox");
    results.forEach((one, number) => {
      list.append(this.option(`${one.title}`, one.slug, () => this.pick(one.slug), number));
    });
    const typed = this.input.value.trim();
    if (typed && CAN_BE_MADE.has(this.kind))
      list.append(
        this.option(`Make a new ${this.kind}: “${typed}”`, "", () => this.make(typed), results.length),
      );
    if (!list.children.length) return;
    this.input.after(list);
    this.list = list;
    this.input.setAttribute("aria-expanded", "true");
    this.input.setAttribute("aria-controls", list.id);
  }

  private option(text: string, slug: string, chosen: () => void, number: number): HTMLLIElement {
    const option = document.createElement("li");
    option.id = `${this.input.id}-option-${number}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.append(text);
    if (slug) {
      const code = document.createElement("code");
      code.textContent = slug;
      option.append(" ", code);
    }
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", chosen);
    return option;
  }

  private pressed(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" && !this.list) {
      event.preventDefault();
      void this.search();
      return;
    }
    const options = [...(this.list?.children ?? [])] as HTMLElement[];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.active = (this.active + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
      options.forEach((one, number) => {
        one.setAttribute("aria-selected", String(number === this.active));
      });
      options[this.active]?.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", options[this.active]?.id ?? "");
    } else if (event.key === "Enter") {
      event.preventDefault();
      const exact = this.found.find((one) => one.slug === this.input.value.trim());
      if (this.active >= 0) options[this.active]?.click();
      else if (exact) this.pick(exact.slug);
      else options[0]?.click();
    } else if (event.key === "Escape" && this.list) {
      event.stopPropagation();
      this.close();
    }
  }

  private pick(slug: string): void {
    this.close();
    this.picked(slug);
  }

  /** Ask for what a new one needs, in a dialog; the text that was typed is its title. */
  private make(title: string): void {
    this.close();
    const dialog = document.createElement("dialog");
    dialog.className = "editor-dialog";
    const explains = this.kind === "misconception";
    dialog.innerHTML = `<form method="dialog"><h2>A new ${this.kind}</h2>
      <p><label for="new-title">Title</label><input type="text" id="new-title" maxlength="200" required></p>
      <p><label for="new-words">${explains ? "What is wrong, said to whoever makes the mistake" : "What a learner can do who has it"}</label>
      <textarea id="new-words" rows="3"${explains ? " required" : ""}></textarea></p>
      <p class="editor-fault" role="alert"></p>
      <p><button type="submit" class="button default">Make it</button> <button type="button" class="button">Cancel</button></p></form>`;
    const form = dialog.querySelector("form");
    const named = dialog.querySelector<HTMLInputElement>("#new-title");
    const words = dialog.querySelector<HTMLTextAreaElement>("#new-words");
    const told = dialog.querySelector<HTMLElement>("[role=alert]");
    if (!form || !named || !words || !told) return;
    named.value = title;
    const leave = (): void => {
      dialog.close();
      dialog.remove();
      this.input.focus();
    };
    dialog.querySelector("button[type=button]")?.addEventListener("click", leave);
    dialog.addEventListener("cancel", leave);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const made = await post<Named>(this.places.newName, {
          kind: this.kind,
          title: named.value,
          words: words.value,
        });
        leave();
        this.picked(made.slug);
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        told.textContent = error.message;
      }
    });
    document.body.append(dialog);
    dialog.showModal();
    (named.value ? words : named).focus();
  }

  private close(): void {
    this.list?.remove();
    this.list = null;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
