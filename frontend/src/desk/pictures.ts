/** Pictures in a text: chosen among those that are there, or taken from a file. */

import { get, NoAnswer, upload } from "./talk.ts";

interface Picture {
  name: string;
  url: string;
  width: number;
  height: number;
}

interface Uploaded {
  name: string;
}

export function offerPictures(
  fields: HTMLElement,
  uploadTo: string | undefined,
  pickFrom: string | undefined,
): void {
  if (!uploadTo || !pickFrom) return;
  for (const button of fields.querySelectorAll<HTMLButtonElement>("[data-picture]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const area = document.getElementById(button.dataset.picture ?? "") as HTMLTextAreaElement | null;
      if (area) void choose(area, uploadTo, pickFrom);
    });
  }
}

async function choose(area: HTMLTextAreaElement, uploadTo: string, pickFrom: string): Promise<void> {
  const at = area.selectionStart;
  const dialog = document.createElement("dialog");
  dialog.className = "editor-dialog editor-pictures";
  dialog.innerHTML = `<form method="dialog"><h2>Insert a picture</h2>
    <p><label for="picture-words">What it shows, for those who do not see it</label>
    <input type="text" id="picture-words" maxlength="300" required></p>
    <p><label for="picture-file">A file from here (PNG, JPEG, WebP or SVG)</label>
    <input type="file" id="picture-file" accept="image/png,image/jpeg,image/webp,image/svg+xml"></p>
    <p><label for="picture-search">Or one that is there already</label>
    <input type="text" id="picture-search" autocomplete="off" placeholder="Type to find"></p>
    <div class="editor-found-pictures" role="radiogroup" aria-label="Pictures"></div>
    <p class="editor-fault" role="alert"></p>
    <p><button type="submit" class="button default">Insert</button> <button type="button" class="button">Cancel</button></p></form>`;
  const one = <T extends HTMLElement>(selector: string): T => dialog.querySelector<T>(selector) as T;
  const words = one<HTMLInputElement>("#picture-words");
  const file = one<HTMLInputElement>("#picture-file");
  const search = one<HTMLInputElement>("#picture-search");
  const told = one<HTMLElement>("[role=alert]");
  const found = one<HTMLElement>(".editor-found-pictures");
  const leave = (): void => {
    dialog.close();
    dialog.remove();
    area.focus();
  };

  const look = async (): Promise<void> => {
    try {
      const { images } = await get<{ images: Picture[] }>(pickFrom, { search: search.value });
      found.replaceChildren(...images.map(shown));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      told.textContent = error.message;
    }
  };
  search.addEventListener("input", () => void look());
  one("button[type=button]").addEventListener("click", leave);
  dialog.addEventListener("cancel", leave);
  one<HTMLFormElement>("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    told.textContent = "";
    try {
      const picked = found.querySelector<HTMLInputElement>("input:checked")?.value;
      const taken = file.files?.[0];
      const name = taken ? (await upload<Uploaded>(uploadTo, taken)).name : picked;
      if (!name) {
        told.textContent = "Choose a file, or one of the pictures.";
        return;
      }
      insert(area, at, `![${words.value.replace(/[[\]]/g, "")}](media/${name})`);
      leave();
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      told.textContent = error.message;
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  words.focus();
  await look();
}

function shown(picture: Picture): HTMLElement {
  const label = document.createElement("label");
  const radio = document.createElement("input");
  radio.type = "radio";
  radio.name = "picture";
  radio.value = picture.name;
  const image = document.createElement("img");
  image.src = picture.url;
  image.alt = picture.name;
  image.width = 96;
  label.append(radio, image);
  return label;
}

/** Put a picture on lines of its own behind the paragraph where the author was. */
function insert(area: HTMLTextAreaElement, at: number, markdown: string): void {
  const end = area.value.indexOf("\n\n", at);
  const place = end < 0 ? area.value.length : end;
  area.setRangeText(`\n\n${markdown}`, place, place, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
