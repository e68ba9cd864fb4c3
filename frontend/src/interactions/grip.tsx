/** Six dots: what one takes hold of. */
export const Grip = () => (
  <svg class="grip-dots" viewBox="0 0 12 20" aria-hidden="true" focusable="false">
    {[4, 10, 16].map((y) => (
      <path key={y} d={`M3 ${y}h.01M9 ${y}h.01`} />
    ))}
  </svg>
);
