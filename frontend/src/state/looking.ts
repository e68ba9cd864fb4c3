import { isTemporary } from "../api/failure";

const FIRST_PAUSE = 3000;
const LONGEST_PAUSE = 30_000;

/**
 * Ask again and again, less and less often, until `hear` says that the answer is final, or there is none to be had. The
 * result cancels.
 */
export function lookUntil<Data>(ask: () => Promise<Data>, hear: (data: Data) => boolean): () => void {
  let isCanceled = false;
  let pause = FIRST_PAUSE;
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function look(): Promise<void> {
    const isFinal = await ask().then(
      (data) => isCanceled || hear(data),
      (failure: unknown) => !isTemporary(failure),
    );
    if (isCanceled || isFinal) return;
    timer = setTimeout(look, pause);
    pause = Math.min(LONGEST_PAUSE, 1.5 * pause);
  }
  void look();
  return () => {
    isCanceled = true;
    clearTimeout(timer);
  };
}
