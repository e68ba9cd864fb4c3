import { Scrollable } from "../../components/Scrollable";

export interface NumbersTableProps {
  /** What the table holds, as its caption. */
  title: string;
  columns: string[];
  /** The first cell of a row is its heading. */
  rows: string[][];
  summary?: string;
}

/** The twin of a figure for those who want its numbers, or do not see it. */
export const NumbersTable = ({ title, columns, rows, summary = "In numbers" }: NumbersTableProps) => (
  <details class="figure-numbers">
    <summary>{summary}</summary>
    <Scrollable label={title} class="html">
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([heading, ...cells], index) => (
            <tr key={index}>
              <th scope="row">{heading}</th>
              {cells.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  </details>
);
