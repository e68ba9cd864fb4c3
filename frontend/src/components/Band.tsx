interface BandProps {
  probability: number;
  low: number;
  high: number;
}

/** An estimate with its uncertainty on a line from none to all; for the eye, beside words that say the same. */
export function Band({ low, probability, high }: BandProps) {
  return (
    <svg class="band" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="band-track" x="0" y="3.2" width="100" height="1.6" />
      <rect class="band-range" x={low * 100} y="1.6" width={(high - low) * 100} height="4.8" />
      <rect class="band-mark" x={probability * 100 - 0.5} y="0" width="1" height="8" />
    </svg>
  );
}
