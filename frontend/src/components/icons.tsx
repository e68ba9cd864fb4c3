/** Small line drawings of one weight; decoration beside words, so hidden from screen readers. */
import type { ComponentChildren } from "preact";

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const Check = () => (
  <Icon>
    <path d="M4 10.5 8.2 15 16 5.5" />
  </Icon>
);
export const Cross = () => (
  <Icon>
    <path d="M5 5l10 10M15 5L5 15" />
  </Icon>
);
export const Partly = () => (
  <Icon>
    <path d="M4 11.5c2-3.5 4-3.5 6-1.5s4 2 6-1.5" />
  </Icon>
);
export const Unclear = () => (
  <Icon>
    <path d="M7 7.2a3 3 0 1 1 4.4 2.7c-1 .5-1.4 1.1-1.4 2.3" />
    <circle cx="10" cy="15.6" r=".6" />
  </Icon>
);
export const Kept = () => (
  <Icon>
    <path d="M5 3.5h10v13l-5-3.4-5 3.4z" />
  </Icon>
);
export const Flag = () => (
  <Icon>
    <path d="M5 17V3.5h10l-2.5 4 2.5 4H5" />
  </Icon>
);
export const Open = () => (
  <Icon>
    <path d="M6 10h8" />
  </Icon>
);
export const Calculate = () => (
  <Icon>
    <rect x="4.5" y="2.5" width="11" height="15" rx="1.5" />
    <path d="M7.5 6h5M7.5 10h.01M12.5 10h.01M7.5 13.6h.01M12.5 13.6h.01" />
  </Icon>
);
export const Note = () => (
  <Icon>
    <path d="M4 16l.8-3.6L13.6 3.6l2.8 2.8-8.8 8.8zM11.6 5.6l2.8 2.8" />
  </Icon>
);
export const Bulb = () => (
  <Icon>
    <path d="M7.5 13.6a5.2 5.2 0 1 1 5 0c-.4.3-.6.7-.6 1.2H8.1c0-.5-.2-.9-.6-1.2ZM8.3 17.3h3.4" />
  </Icon>
);
export const Clock = () => (
  <Icon>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 6v4.2l2.8 1.8" />
  </Icon>
);
export const Search = () => (
  <Icon>
    <circle cx="9" cy="9" r="5.5" />
    <path d="m13 13 4 4" />
  </Icon>
);
export const Arrow = () => (
  <Icon>
    <path d="M3.5 10h12M11 5.5l4.5 4.5-4.5 4.5" />
  </Icon>
);
export const Back = () => (
  <Icon>
    <path d="M16.5 10h-12M9 5.5 4.5 10 9 14.5" />
  </Icon>
);
export const Again = () => (
  <Icon>
    <path d="M15.8 8.4A6.2 6.2 0 1 0 16 12M16.2 4v4.6h-4.6" />
  </Icon>
);
export const Lock = () => (
  <Icon>
    <rect x="4.5" y="9" width="11" height="7.5" rx="1.5" />
    <path d="M7 9V6.8a3 3 0 0 1 6 0V9" />
  </Icon>
);
export const CloudOff = () => (
  <Icon>
    <path d="M3 3l14 14M6.2 7.4A4 4 0 0 0 6 15.5h8.4M8.6 5.6a4.5 4.5 0 0 1 6 4 3 3 0 0 1 1.8 4.6" />
  </Icon>
);
