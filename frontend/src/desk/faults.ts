/** What is wrong with a draft: all of it in a list, and each of it at its field. */

import type { Fault } from "./talk.ts";

export class FaultList {
  all: Fault[] = [];

  constructor(
    private readonly box: HTMLElement,
    private readonly fields: HTMLElement,
    private readonly showInText: (fault: Fault) => void,
  ) {}

  show(faults: Fault[]): void {
    this.all = faults;
    const refusing = faults.filter((one) => one.refuses);
    const list = this.box.querySelector("ul");
    const summary = this.box.querySelector("summary");
    if (!list || !summary) return;
    this.box.hidden = faults.length === 0;
    this.box.classList.toggle("editor-refusing", refusing.length > 0);
    summary.textContent = inWords(refusing.length, faults.length - refusing.length);
    list.replaceChildren(...faults.map((one) => this.line(one)));
    this.atFields();
  }

  /** Put each fault under the field it concerns, or the nearest around it. */
  private atFields(): void {
    for (const place of this.fields.querySelectorAll(".editor-fault")) place.replaceChildren();
    for (const marked of this.fields.querySelectorAll("[aria-invalid]"))
      marked.removeAttribute("aria-invalid");
    for (const fault of this.all) {
      const place = this.place(fault);
      if (!place) continue;
      const line = document.createElement("p");
      line.className = fault.refuses ? "refuses" : "remark";
      line.textContent = inOne(fault);
      place.append(line);
      const control = place.parentElement?.querySelector(
        ":scope > input, :scope > textarea, :scope > select",
      );
      if (control && fault.refuses) {
        control.setAttribute("aria-invalid", "true");
        place.id ||= `${control.id}-fault`;
        control.setAttribute("aria-describedby", place.id);
      }
    }
  }

  private place(fault: Fault): HTMLElement | null {
    const steps = fault.path.split(".");
    for (let length = steps.length; length > 0; length--) {
      const path = CSS.escape(steps.slice(0, length).join("."));
      const found = this.fields.querySelector<HTMLElement>(`[data-fault="${path}"]`);
      if (found) return found;
    }
    return null;
  }

  private line(fault: Fault): HTMLLIElement {
    const item = document.createElement("li");
    item.className = fault.refuses ? "refuses" : "remark";
    const go = document.createElement("button");
    go.type = "button";
    go.className = "editor-quiet";
    go.textContent = fault.path || "document";
    go.addEventListener("click", () => this.go(fault));
    item.append(go, " ", inOne(fault));
    if (fault.line) {
      const where = document.createElement("button");
      where.type = "button";
      where.className = "editor-quiet editor-line";
      where.textContent = `line ${fault.line}`;
      where.addEventListener("click", () => this.showInText(fault));
      item.append(" ", where);
    }
    return item;
  }

  private go(fault: Fault): void {
    const place = this.place(fault);
    if (!place || this.fields.hidden) {
      this.showInText(fault);
      return;
    }
    for (let around = place.parentElement; around; around = around.parentElement)
      if (around instanceof HTMLDetailsElement) around.open = true;
    const field = place.closest(".editor-field, .editor-group, .editor-rows");
    field?.scrollIntoView({ block: "center" });
    field?.querySelector<HTMLElement>("input, textarea, select, button")?.focus({ preventScroll: true });
  }
}

const inOne = (fault: Fault): string =>
  fault.suggestion && !fault.reason.includes(fault.suggestion)
    ? `${fault.reason}; did you mean ${fault.suggestion}?`
    : fault.reason;

function inWords(refusing: number, remarks: number): string {
  const mend = refusing === 1 ? "1 thing to mend" : `${refusing} things to mend`;
  const look = remarks === 1 ? "1 remark" : `${remarks} remarks`;
  if (!remarks) return mend;
  return refusing ? `${mend}, ${look}` : look;
}
