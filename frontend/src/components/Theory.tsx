import { Illustration } from "../illustrations/Illustration";
import { CheckYourself } from "./CheckYourself";
import { Html, type Instead } from "./Html";

/** The text of a lesson, its figures and questions in their places. */
export const Theory = ({ html }: { html: string }) => <Html html={html} class="theory" instead={placed} />;

const placed: Instead = (element, inside) => {
  const check = element.getAttribute("data-check");
  if (check) return <CheckYourself key={check} slug={check} />;
  const kind = element.getAttribute("data-illustration");
  if (!kind) return undefined;
  return (
    <Illustration
      key={element.id}
      id={element.id}
      kind={kind}
      settings={JSON.parse(element.getAttribute("data-settings") ?? "{}")}
      words={inside(element.querySelector(".illustration-words"))}
      caption={inside(element.querySelector("figcaption"))}
    />
  );
};
