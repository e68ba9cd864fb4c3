/** Twelve invented houses: their size decides most of the price, the rooms go with the size, the number says nothing. */
export const FEATURES = ["Area", "Rooms", "Age", "Distance", "Number"] as const;

/** With their units, in the order of the columns. */
export const COLUMNS = [
  "Area (m²)",
  "Rooms",
  "Age (years)",
  "Distance to the station (km)",
  "House number",
  "Price (100,000 dollars)",
] as const;

/** The features of each house, and its price in 100,000 dollars. */
export const HOUSES: readonly (readonly number[])[] = [
  [62, 2, 28, 3.3, 20, 1.0],
  [74, 3, 5, 4.8, 4, 1.7],
  [81, 3, 15, 2.6, 28, 1.87],
  [88, 3, 63, 5.4, 17, 0.81],
  [96, 3, 34, 4.1, 35, 1.67],
  [104, 5, 31, 6.2, 14, 2.07],
  [112, 3, 51, 2.1, 31, 2.23],
  [121, 5, 57, 8.1, 6, 1.57],
  [133, 5, 22, 0.8, 2, 3.11],
  [145, 6, 12, 1.7, 12, 3.34],
  [158, 7, 40, 1.2, 25, 3.43],
  [176, 8, 8, 7.5, 9, 3.7],
];
