import type { Figure } from "../api/types";
import { Html } from "../components/Html";
import { Scrollable } from "../components/Scrollable";

/** Columns of numbers. */
export function Table({ figure: { title, columns, rows } }: { figure: Extract<Figure, { kind: "table" }> }) {
  return (
    <div class="html figure">
      <Scrollable label="Table" class="table-scroll">
        <table>
          {title && (
            <caption>
              <Html html={title} />
            </caption>
          )}
          <thead>
            <tr>
              {columns.map((column, index) => (
                <th scope="col" key={index}>
                  <Html html={column} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
    </div>
  );
}
