import { Screen } from "./Screen";

export function NotFound() {
  return (
    <Screen title="Nothing here" class="narrow not-found">
      <svg class="not-found-figure" viewBox="-60 -40 120 80" aria-hidden="true">
        <path d="M0-30 30 0 0 30-30 0Z" />
        <circle r="30" />
      </svg>
      <p>No screen has this address. It may have moved, or it belongs to somebody else.</p>
      <p>
        <a class="button" href="/">
          All lessons
        </a>
      </p>
    </Screen>
  );
}
