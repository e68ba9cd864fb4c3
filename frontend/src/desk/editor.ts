/** The editor of a draft: the text is the one truth, a form and what is seen beside it follow. */

import type { TextEditor } from "./codemirror.ts";
import { FaultList } from "./faults.ts";
import { NameSearch } from "./names.ts";
import { offerPictures } from "./pictures.ts";
import { Rows } from "./rows.ts";
import { tabs } from "./tabs.ts";
import { type Answer, type Fault, NoAnswer, post, type Request } from "./talk.ts";
import { chips, type Edit, editOf, emptied, type Path } from "./values.ts";

const TYPING = 400;
/** Milliseconds after the last key before the server is asked. */
const TEXT_FIELDS = 'input[type="text"][data-widget], textarea[data-widget]';

interface Kept {
  text: string;
  basedOn: string;
  at: string;
}

function part<T extends HTMLElement = HTMLElement>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`The page has no ${selector}.`);
  return found;
}

export class Editor {
  private text: string;
  private basedOn: string;
  private edits: Edit[] = [];
  private wanted: Partial<Request> = {};
  private timer = 0;
  private isBusy = false;
  private isDirty = false;
  private isStale = false;
  private panel: string;
  private drawn = "";
  private options: Record<string, unknown> = {};
  private opening: Promise<TextEditor> | null = null;
  private textEditor: TextEditor | null = null;
  private readonly form: HTMLFormElement;
  private readonly area: HTMLTextAreaElement;
  private readonly fields: HTMLElement;
  private readonly see: HTMLElement;
  private readonly status: HTMLElement;
  private readonly messages: HTMLElement;
  private readonly faults: FaultList;
  private readonly showTab: (tab: HTMLElement) => void;

  constructor(private readonly root: HTMLElement) {
    this.form = part<HTMLFormElement>(root, "form");
    this.area = part<HTMLTextAreaElement>(root, "textarea.document");
    this.fields = part(root, "#write-form");
    this.see = part(root, "#see");
    this.status = part(root, ".editor-status");
    this.messages = part(root, ".editor-messages");
    this.text = this.area.value;
    this.basedOn = root.dataset.revision ?? "";
    this.panel = root.querySelector<HTMLElement>("[data-panel]")?.dataset.panel ?? "";
    this.faults = new FaultList(
      part(root, ".editor-faults"),
      this.fields,
      (fault) => void this.showFault(fault),
    );
    part(root, ".editor-see").hidden = false;
    const writing = part(root, ".editor-write .editor-tabs");
    writing.hidden = false;
    this.showTab = tabs(writing, (tab) => void this.write(tab.id));
    tabs(part(root, ".editor-see .editor-tabs"), (tab) => this.look(tab));
    this.listen();
    new Rows(this.fields, (edits) => this.change(edits, { form: true }));
    this.offerKept();
    this.ask({ form: true }, 0);
    this.showTab(part(root, "#tab-form"));
  }

  // --- what is heard ---

  private listen(): void {
    this.fields.addEventListener("input", (event) => this.typed(event));
    this.fields.addEventListener("change", (event) => this.typed(event));
    this.fields.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
    });
    this.fields.addEventListener("click", (event) => this.pressed(event));
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.see.addEventListener("click", (event) => this.pressedPanel(event));
    this.see.addEventListener("submit", (event) => this.tried(event));
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        void this.save("save");
      }
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.isDirty) event.preventDefault();
    });
  }

  private typed(event: Event): void {
    const target = event.target as HTMLElement;
    const control = target.closest<HTMLElement>("[data-widget]");
    if (!control || (event.type === "change" && target.matches(TEXT_FIELDS))) return;
    if (control.dataset.widget === "markdown" || control.dataset.widget === "text") grow(control);
    const edit = editOf(control);
    if (!edit) return;
    const switches = edit.action === "switch" || control.dataset.widget === "flag";
    this.change([emptied(edit)], { form: switches }, event.type === "change" ? 0 : TYPING);
  }

  private pressed(event: Event): void {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button");
    if (!button) return;
    const { command, argument, drop, show } = button.dataset;
    if (command) {
      this.wanted = { ...this.wanted, command, argument: argument ?? "" };
      this.change([], { form: true }, 0);
    } else if (drop !== undefined) {
      const list = button.closest<HTMLElement>("[data-widget=names]");
      if (!list) return;
      const path: Path = JSON.parse(list.dataset.path ?? "[]");
      this.change([{ path, value: chips(list).filter((one) => one !== drop) }], { form: true }, 0);
    } else if (show !== undefined) {
      void this.showInText(show);
    }
  }

  private submitted(event: SubmitEvent): void {
    event.preventDefault();
    const name = (event.submitter as HTMLButtonElement | null)?.name;
    void this.save(name === "_publish" ? "publish" : name === "_ask" ? "ask" : "save");
  }

  // --- what is written ---

  /** Take edits of the form. They are made on the text by the server, one request after the other. */
  private change(edits: Edit[], asked: Partial<Request> = {}, delay = 0): void {
    for (const edit of edits) {
      const same = JSON.stringify(edit.path);
      const isValue = edit.action === undefined || edit.action === "remove";
      const last = this.edits.at(-1);
      if (isValue && last && last.action !== "insert" && JSON.stringify(last.path) === same) this.edits.pop();
      this.edits.push(edit);
    }
    this.dirty();
    this.ask(asked, delay);
  }

  /** Take a text that was written as text. */
  private rewrite(text: string, delay = TYPING): void {
    if (text === this.text) return;
    this.text = text;
    this.isStale = true;
    this.dirty();
    this.ask({}, delay);
  }

  private dirty(): void {
    this.isDirty = true;
    this.status.textContent = "Not saved yet";
    this.keep();
  }

  private ask(asked: Partial<Request>, delay: number): void {
    this.wanted = { ...this.wanted, ...asked, form: Boolean(asked.form || this.wanted.form) };
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.send(), delay);
  }

  private async send(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    const { edits, text } = this;
    const wanted = this.wanted;
    this.edits = [];
    this.wanted = {};
    try {
      const answer = await post<Answer>(this.root.dataset.work ?? "", {
        ...wanted,
        text,
        based_on: this.basedOn,
        edits,
        panel: this.panel,
        options: this.options,
      } satisfies Request);
      this.take(answer, text);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.edits = [...edits, ...this.edits];
      this.wanted = { ...wanted, ...this.wanted };
      this.tell([error.message], "errornote");
    } finally {
      this.isBusy = false;
    }
    if (this.edits.length || Object.keys(this.wanted).some((key) => this.wanted[key as keyof Request])) {
      if (!this.messages.querySelector(".errornote")) this.ask({}, 0);
    }
  }

  private take(answer: Answer, sent: string): void {
    for (const one of this.messages.querySelectorAll(":scope > :not([data-stays])")) one.remove();
    if (this.text === sent) {
      this.text = answer.text;
      this.area.value = answer.text;
      this.textEditor?.show(answer.text);
    }
    if (answer.form !== undefined) this.draw(answer.form);
    if (answer.panel?.name === this.panel) this.drawPanel(answer.panel.html);
    this.faults.show(answer.faults);
    this.textEditor?.mark(answer.faults);
    if (answer.error) this.tell([answer.error], "errornote");
    if (answer.refused) this.refuse(answer.refused, answer.faults);
    if (answer.saved) this.saved(answer.saved.revision, answer.saved.at);
    if (answer.asked) this.tell([answer.asked], "editor-told");
    if (answer.conflict) this.conflict(answer.conflict);
    else if (answer.revision !== this.basedOn && !answer.published)
      this.tell(
        ["Somebody else has saved this draft meanwhile. Saving yours will ask which shall stay."],
        "editor-told",
      );
    if (answer.published) {
      this.isDirty = false;
      this.forget();
      window.location.assign(answer.published);
    } else if (!answer.is_draft) {
      this.tell(["This draft has been published meanwhile. Copy your text into a new draft."], "errornote");
    }
    this.keep();
  }

  /** Say that nothing was published: what is listed at its place is not told once more. */
  private refuse(reasons: string[], faults: Fault[]): void {
    const isListed = faults.some((one) => one.refuses);
    this.tell(isListed ? ["Saved, but not published: mend what is listed first."] : reasons, "errornote");
  }

  private async save(what: "save" | "publish" | "ask"): Promise<void> {
    window.clearTimeout(this.timer);
    this.status.textContent = what === "publish" ? "Trying 10,000 draws…" : "Saving…";
    this.wanted = { ...this.wanted, do: what };
    await this.send();
    if (this.status.textContent?.endsWith("…")) this.status.textContent = "Not saved yet";
  }

  private saved(revision: string, at: string): void {
    this.basedOn = revision;
    this.isDirty = false;
    this.status.textContent = `Saved at ${at}`;
    part<HTMLInputElement>(this.form, "[name=based_on]").value = revision;
    this.forget();
  }

  /** Let the author choose between two texts: neither is thrown away unseen. */
  private conflict(theirs: { text: string; revision: string; by: string }): void {
    const box = this.tell(
      [
        `${theirs.by} has saved this draft since you opened it. Your text still stands here, and is not saved.`,
      ],
      "errornote",
    );
    const shown = document.createElement("details");
    shown.innerHTML = "<summary>Show theirs</summary><pre></pre>";
    part(shown, "pre").textContent = theirs.text;
    box.append(
      shown,
      button("Keep mine", () => {
        this.basedOn = theirs.revision;
        void this.save("save");
      }),
      button("Take theirs", () => {
        this.basedOn = theirs.revision;
        this.text = theirs.text;
        this.area.value = theirs.text;
        this.isDirty = false;
        this.forget();
        this.textEditor?.show(theirs.text);
        this.messages.replaceChildren();
        this.status.textContent = "";
        this.ask({ form: true }, 0);
      }),
    );
  }

  // --- what is kept in the browser ---

  private get place(): string {
    return `assay-draft-${this.root.dataset.draft}`;
  }

  private keep(): void {
    if (!this.isDirty) return;
    const kept: Kept = { text: this.text, basedOn: this.basedOn, at: new Date().toLocaleString() };
    try {
      window.localStorage.setItem(this.place, JSON.stringify(kept));
    } catch {
      // A browser without room keeps nothing: the guard on leaving remains.
    }
  }

  private forget(): void {
    try {
      window.localStorage.removeItem(this.place);
    } catch {
      // As above.
    }
  }

  private offerKept(): void {
    let kept: Kept | null = null;
    try {
      kept = JSON.parse(window.localStorage.getItem(this.place) ?? "null");
    } catch {
      return;
    }
    if (!kept || kept.text === this.text) return;
    const { text, at } = kept;
    const box = this.tell(
      [`This browser has a text of this draft that was never saved (${at}).`],
      "editor-told",
    );
    box.append(
      button("Go on with it", () => {
        this.messages.replaceChildren();
        this.area.value = text;
        this.textEditor?.show(text);
        this.rewrite(text, 0);
        this.ask({ form: true }, 0);
      }),
      button("Throw it away", () => {
        this.forget();
        box.remove();
      }),
    );
    box.dataset.stays = "";
  }

  // --- what is seen ---

  private tell(texts: string[], kind: string): HTMLElement {
    const box = document.createElement("div");
    box.className = kind;
    for (const text of texts) {
      const line = document.createElement("p");
      line.textContent = text;
      box.append(line);
    }
    this.messages.append(box);
    return box;
  }

  private async write(tab: string): Promise<void> {
    const isText = tab === "tab-text";
    part(this.root, "#write-text").hidden = isText === false;
    this.fields.hidden = isText;
    if (!isText) {
      if (this.isStale) this.ask({ form: true }, 0);
      this.isStale = false;
      return;
    }
    this.opening ??= this.openText();
    this.textEditor = await this.opening;
    this.textEditor.show(this.text);
    this.textEditor.mark(this.faults.all);
  }

  private async openText(): Promise<TextEditor> {
    const { openText } = await import("./codemirror.ts");
    const schema = JSON.parse(this.root.dataset.schema ?? "{}");
    return openText(this.area, schema, (text) => this.rewrite(text));
  }

  private async showInText(path: string): Promise<void> {
    await this.open();
    this.textEditor?.find(path.split("."));
  }

  private async open(): Promise<void> {
    const tab = part(this.root, "#tab-text");
    this.showTab(tab);
    await this.write("tab-text");
  }

  private async showFault(fault: { line: number | null; column: number | null }): Promise<void> {
    await this.open();
    if (fault.line) this.textEditor?.go(fault.line, fault.column ?? 1);
  }

  /** Draw the form anew, and leave the author where he was. */
  private draw(html: string): void {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    const id = focused && this.fields.contains(focused) ? focused.id : "";
    const selection =
      focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement
        ? ([focused.selectionStart, focused.selectionEnd] as const)
        : null;
    const open = new Map(
      [...this.fields.querySelectorAll<HTMLDetailsElement>("details[id]")].map((one) => [one.id, one.open]),
    );
    this.fields.innerHTML = html;
    for (const [key, isOpen] of open) {
      const section = this.fields.querySelector<HTMLDetailsElement>(`#${CSS.escape(key)}`);
      if (section && !(section.open && !isOpen && section.querySelector(".editor-row")))
        section.open = isOpen;
    }
    this.prepare();
    const again = id ? document.getElementById(id) : null;
    again?.focus({ preventScroll: true });
    if (again && selection && "setSelectionRange" in again && again instanceof HTMLTextAreaElement)
      again.setSelectionRange(selection[0], selection[1]);
  }

  private prepare(): void {
    const places = { names: this.root.dataset.names ?? "", newName: this.root.dataset.newName ?? "" };
    for (const area of this.fields.querySelectorAll("textarea")) grow(area);
    for (const input of this.fields.querySelectorAll<HTMLInputElement>("input[data-names]")) {
      new NameSearch(input, places, (slug) => this.picked(input, slug));
    }
    offerPictures(this.fields, this.root.dataset.upload, this.root.dataset.pick);
  }

  private picked(input: HTMLInputElement, slug: string): void {
    const path: Path = JSON.parse(input.dataset.path ?? "[]");
    if (input.dataset.chips) {
      const list = input.parentElement?.querySelector<HTMLElement>("[data-widget=names]");
      const chosen = list ? chips(list) : [];
      input.value = "";
      if (!chosen.includes(slug)) this.change([{ path, value: [...chosen, slug] }], { form: true });
    } else if (input.dataset.adds) {
      input.value = "";
      this.change([{ path: [...path, slug], value: JSON.parse(input.dataset.blank ?? '""') }], {
        form: true,
      });
    } else if ("key" in input.dataset) {
      this.change([{ path, action: "rename", value: slug }], { form: true });
    } else {
      input.value = slug;
      this.change([{ path, value: slug }]);
    }
  }

  private look(tab: HTMLElement): void {
    this.panel = tab.dataset.panel ?? "";
    this.options = {};
    this.see.setAttribute("aria-labelledby", tab.id);
    this.see.setAttribute("aria-busy", "true");
    this.ask({}, 0);
  }

  private drawPanel(html: string): void {
    this.see.removeAttribute("aria-busy");
    this.see.classList.toggle("editor-stale", html === "");
    if (html === "") {
      if (this.drawn !== this.panel)
        this.see.textContent = "This is drawn as soon as nothing is left to mend.";
      this.drawn = this.panel;
      return;
    }
    this.drawn = this.panel;
    const open = [...this.see.querySelectorAll("details")].map((one) => one.open);
    const focused = document.activeElement as HTMLInputElement | null;
    const name = focused && this.see.contains(focused) ? focused.name : "";
    this.see.innerHTML = html;
    [...this.see.querySelectorAll("details")].forEach((one, number) => {
      one.open = open[number] ?? one.open;
    });
    if (name) this.see.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`)?.focus();
  }

  /** Follow what a panel offers: other variants, or the one of a seed. */
  private pressedPanel(event: Event): void {
    const link = (event.target as HTMLElement).closest<HTMLElement>(
      "[data-option], [data-seed], [data-start]",
    );
    if (!link) return;
    event.preventDefault();
    const { option, seed, start } = link.dataset;
    if (seed !== undefined) {
      const begins = this.panel === "variants" ? this.options.start : undefined;
      if (this.panel !== "variants") part(this.root, "#see-variants").click();
      this.options = begins === undefined ? { seed } : { start: begins, seed };
    } else if (start !== undefined) {
      this.options = { start };
    } else {
      this.options = { ...this.options, ...JSON.parse(option ?? "{}") };
      delete this.options.answer;
    }
    this.ask({}, 0);
  }

  private tried(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const sent = new FormData(form, event.submitter);
    if (form.classList.contains("panel")) {
      this.options = Object.fromEntries([...sent].map(([name, value]) => [name, String(value)]));
      this.ask({}, 0);
      return;
    }
    const answer: Record<string, string[]> = {};
    for (const [name, value] of sent) answer[name] = [...(answer[name] ?? []), String(value)];
    this.options = { ...this.options, seed: answer.seed?.[0] ?? "", answer };
    this.ask({}, 0);
  }
}

function grow(area: HTMLElement): void {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}

function button(text: string, pressed: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = text;
  made.addEventListener("click", pressed);
  return made;
}
