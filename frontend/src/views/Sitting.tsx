import { useSignalEffect } from "@preact/signals";
import { useCallback, useEffect, useMemo } from "preact/hooks";
import { Countdown } from "../components/Countdown";
import { HandIn } from "../components/HandIn";
import { Loaded } from "../components/Loaded";
import { Navigator } from "../components/Navigator";
import { OpenItem } from "../components/OpenItem";
import { Screen } from "../components/Screen";
import { SkillPath } from "../components/SkillPath";
import { navigate, place } from "../router";
import { announce } from "../state/announcer";
import { useResource } from "../state/resource";
import { Sitting as SittingState } from "../state/sitting";

/** The position that the address asks for, so that a reload comes back to the same item. */
function wantedPosition(): number | null {
  const position = Number.parseInt(place.value.searchParams.get("at") ?? "", 10);
  return Number.isNaN(position) ? null : position;
}

/** One attempt, item by item. */
export function Sitting({ id }: { id: string }) {
  const sitting = useMemo(() => new SittingState(id), [id]);
  const begun = useResource(id, () => sitting.begin(wantedPosition()));
  return <Loaded from={begun}>{() => <Ready sitting={sitting} />}</Loaded>;
}

function Ready({ sitting }: { sitting: SittingState }) {
  useAddress(sitting);
  useEnd(sitting);
  const open = useCallback(
    (position: number) => void sitting.open(position).catch(sitting.failed),
    [sitting],
  );
  const timeIsUp = useCallback(() => {
    announce("Time is up.");
    void sitting.close().catch(sitting.failed);
  }, [sitting]);
  const attempt = sitting.attempt.value;
  const assessment = sitting.assessment.value;
  if (!attempt || !assessment) return null;
  return (
    <Screen title={assessment.title} class="sitting">
      <div class="sitting-columns">
        <div class="sitting-bar">
          {attempt.deadline && <Countdown deadline={attempt.deadline} onEnd={timeIsUp} />}
          <Navigator
            entries={sitting.entries.value}
            total={Math.max(assessment.item_count, sitting.entries.value.length)}
            grows={sitting.grows.value}
            current={sitting.presentation.value?.position ?? null}
            onOpen={open}
          />
        </div>
        <div class="sitting-main">
          <OpenItem sitting={sitting} />
        </div>
        <div class="sitting-end">
          {attempt.mastery && <SkillPath mastery={attempt.mastery} />}
          <HandIn sitting={sitting} />
        </div>
      </div>
    </Screen>
  );
}

/** Keep the address in step with the open item, and follow the browser's buttons. */
function useAddress(sitting: SittingState): void {
  useSignalEffect(() => {
    const position = sitting.presentation.value?.position;
    const wanted = position === undefined ? "" : `?at=${position}`;
    if (position !== undefined && place.peek().search !== wanted)
      navigate(`/attempts/${sitting.id}${wanted}`, { replace: true });
  });
}

/** An attempt that is over has a result and no more items. */
function useEnd(sitting: SittingState): void {
  const state = sitting.attempt.value?.state;
  useEffect(() => {
    if (state && state !== "open") navigate(`/attempts/${sitting.id}/result`, { replace: true });
  }, [state, sitting]);
}
