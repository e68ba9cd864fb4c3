import type { Figure } from "../api/types";
import { Contour } from "./Contour";
import { Curve } from "./Curve";
import { Table } from "./Table";

/** Every kind of figure that the app can draw. A new kind is one file and one line here. */
function Drawn({ figure }: { figure: Figure }) {
  switch (figure.kind) {
    case "curve":
      return <Curve figure={figure} />;
    case "contour":
      return <Contour figure={figure} />;
    case "table":
      return <Table figure={figure} />;
    default:
      return <p class="unknown-kind">This page is older than the figure. Reload it to see it.</p>;
  }
}

/** The figures of an item, in their order; they are drawn from the numbers that the learner sees. */
export const Figures = ({ figures }: { figures: Figure[] }) => (
  <>
    {figures.map((figure, index) => (
      <Drawn key={index} figure={figure} />
    ))}
  </>
);
