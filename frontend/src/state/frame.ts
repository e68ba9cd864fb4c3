/** Tell the system around the frame how high the page is, now and whenever that changes. The result stops it. */
export function watchHeight(page: HTMLElement = document.documentElement): () => void {
  if (window.parent === window) return () => undefined;
  // From now on the styles measure nothing by the height of the frame, which follows that of the page.
  page.dataset.framed = "";
  let known = 0;
  const observer = new ResizeObserver(() => {
    const height = Math.ceil(page.getBoundingClientRect().height);
    if (height === known) return;
    known = height;
    window.parent.postMessage({ subject: "lti.frameResize", height }, "*");
  });
  observer.observe(page);
  return () => observer.disconnect();
}
