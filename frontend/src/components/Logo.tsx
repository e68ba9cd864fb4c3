/** The ball of L1 inside the ball of L2: they meet where only one weight is left. */
export const Logo = () => (
  <svg class="logo" viewBox="-12 -12 24 24" aria-hidden="true" focusable="false">
    <circle r="10" class="logo-circle" />
    <path d="M0-10 10 0 0 10-10 0Z" class="logo-diamond" />
  </svg>
);
