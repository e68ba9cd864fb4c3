import { useSignalEffect } from "@preact/signals";
import { useCallback, useEffect, useMemo } from "preact/hooks";
import { Countdown } from "../components/Countdown";
import { HandIn } from "../components/HandIn";
import { Loaded } from "../components/Loaded";
import { Navigator } from "../components/Navigator";
import { OpenItems } from "../components/OpenItems";
import { Screen } from "../components/Screen";
import { SkillPath } from "../components/SkillPath";
import { navigate, place } from "../router";
import { announce } from "../state/announcer";
import { useResource } from "../state/resource";
import { Sitting as SittingState } from "../state/sitting";
import { keepsOnDevice } from "../state/storage";
import { notes } from "../tools/notes";
import { Tools } from "../tools/Tools";

/** The position that the address asks for, so that a reload comes back to the same item. */
function wantedPosition(): number | null {
  const position = Number.parseInt(place.value.searchParams.get("at") ?? "", 10);
  return Number.isNaN(position) ? null : position;
}

/** One attempt, item by item. */
export function Sitting({ id }: { id: string }) {
  const sitting = useMemo(() => new SittingState(id), [id]);
  useEffect(() => {
    sitting.seat.enter();
    return () => sitting.seat.leave();
  }, [sitting]);
  const begun = useResource(id, () => sitting.begin(wantedPosition()));
  return <Loaded from={begun}>{() => <Ready sitting={sitting} />}</Loaded>;
}

function Ready({ sitting }: { sitting: SittingState }) {
  useAddress(sitting);
  useEnd(sitting);
  useNewerDeadline(sitting);
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
      <div class="sitting-columns" data-layout={attempt.conditions.layout}>
        <div class="sitting-bar">
          {attempt.deadline && <Countdown deadline={attempt.deadline} onEnd={timeIsUp} />}
          <Navigator
            entries={sitting.entries.value}
            total={Math.max(assessment.item_count, sitting.entries.value.length)}
            grows={sitting.grows.value}
            current={sitting.place.value?.position ?? null}
            flagged={sitting.flags.all}
            onOpen={open}
          />
          <Tools tools={attempt.conditions.tools} subject={sitting.id} />
        </div>
        <div class="sitting-main">
          <Standing sitting={sitting} />
          <OpenItems sitting={sitting} />
        </div>
        <div class="sitting-end">
          {attempt.mastery && <SkillPath mastery={attempt.mastery} />}
          {sitting.isOpen.value && sitting.seat.standing.value === "here" && <HandIn sitting={sitting} />}
        </div>
      </div>
    </Screen>
  );
}

/** Why this tab takes no entries, or cannot keep them. */
function Standing({ sitting }: { sitting: SittingState }) {
  if (sitting.endedElsewhere.value) return <EndedElsewhere id={sitting.id} />;
  const standing = sitting.seat.standing.value;
  if (standing !== "here") return <OtherTab sitting={sitting} isNewer={standing === "taken"} />;
  if (keepsOnDevice.value) return null;
  return (
    <p class="aside" role="status">
      Nothing can be kept on this device: its storage is full, or closed to this site. What you enter is sent
      to the server as you go; leave this page only when it says “Draft saved”.
    </p>
  );
}

function OtherTab({ sitting, isNewer }: { sitting: SittingState; isNewer: boolean }) {
  const take = () => void sitting.takeSeat().catch(sitting.failed);
  return (
    <div class="aside other-tab" role="alert">
      <p>
        {isNewer
          ? "You continued this attempt in another tab, so this one takes no answers. What you entered here is there."
          : "This attempt is open in another tab, so this one takes no answers."}
      </p>
      <button type="button" class="button small" onClick={take}>
        Go on here
      </button>
    </div>
  );
}

const EndedElsewhere = ({ id }: { id: string }) => (
  <div class="aside other-tab" role="alert">
    <p>
      This attempt was handed in from another tab or device. What you see here and had not sent by then does
      not count; it stays on this screen until you leave it.
    </p>
    <a class="button small" href={`/attempts/${id}/result`}>
      See the result
    </a>
  </div>
);

/** Keep the address in step with the open item, and follow the browser's buttons. */
function useAddress(sitting: SittingState): void {
  useSignalEffect(() => {
    const position = sitting.place.value?.position;
    const wanted = position === undefined ? "" : `?at=${position}`;
    if (position !== undefined && place.peek().search !== wanted)
      navigate(`/attempts/${sitting.id}${wanted}`, { replace: true });
  });
}

const A_WHILE = 3 * 60_000;

/** Where there is a clock, more time may be given meanwhile: look when the page is looked at again, and now and then. */
function useNewerDeadline(sitting: SittingState): void {
  const hasDeadline = sitting.isOpen.value && sitting.attempt.value?.deadline != null;
  useEffect(() => {
    if (!hasDeadline) return;
    const look = () => {
      if (!document.hidden) void sitting.lookAtTheClock().catch(sitting.failed);
    };
    const timer = setInterval(look, A_WHILE);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [sitting, hasDeadline]);
}

/** An attempt that is over has a result and no more items. */
function useEnd(sitting: SittingState): void {
  const state = sitting.attempt.value?.state;
  const isNews = sitting.endedElsewhere.value;
  useEffect(() => {
    if (state && state !== "open") {
      sitting.flags.forget();
      notes.remove(sitting.id);
    }
    if (state && state !== "open" && !isNews) navigate(`/attempts/${sitting.id}/result`, { replace: true });
  }, [state, isNews, sitting]);
}
