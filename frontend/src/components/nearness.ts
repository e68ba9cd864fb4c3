import { useEffect, useRef, useState } from "preact/hooks";

/** What is fetched when it comes near is fetched this early, so that it stands there when the reader arrives. */
const NEAR = "900px 0px";

/** A reference for an element, and whether it has come near the window or is printed; once near, always. */
export function useNearness<Kind extends HTMLElement>() {
  const element = useRef<Kind>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (!element.current) return;
    const arrive = () => setNear(true);
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && arrive(),
      { rootMargin: NEAR },
    );
    observer.observe(element.current);
    addEventListener("beforeprint", arrive);
    return () => {
      observer.disconnect();
      removeEventListener("beforeprint", arrive);
    };
  }, []);
  return { element, isNear };
}
