import { render } from "preact";
import { act } from "preact/test-utils";
import type { Answer, RawInteraction } from "../../src/api/types";
import { Item } from "../../src/components/Item";

/** Where the item stands, and what is entered in it by now. */
export let root: HTMLElement;
export let answer: Answer;

export function open(): void {
  root = document.body.appendChild(document.createElement("div"));
}

export function close(): void {
  render(null, root);
  document.body.replaceChildren();
}

/** Show an item of one interaction that keeps what is entered. */
export function show(
  interaction: Omit<RawInteraction, "id">,
  entered: Answer = {},
  locale = "en",
): Promise<void> {
  answer = entered;
  const raw = { id: "a", ...interaction } as RawInteraction;
  const draw = () =>
    render(
      <Item
        id="item"
        body='<p><span data-interaction="a"></span></p>'
        interactions={[raw]}
        figures={[]}
        answer={answer}
        locale={locale}
        disabled={false}
        verdicts={null}
        onChange={(id, value) => {
          answer = { ...answer, [id]: value };
          draw();
        }}
        onSubmit={() => undefined}
      >
        {null}
      </Item>,
      root,
    );
  return act(draw);
}
