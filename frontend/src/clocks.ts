// The clocks of /time tick. All numbers are in the page: a clock is linear, so the begin of its
// sol and the length of a sol are enough. Without this script the page shows when it was made.

const LOCAL_S_PER_SOL = 86400;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

const two = (number: number): string => String(number).padStart(2, "0");

const timeOfDay = (seconds: number): string =>
  `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;

/** What a linear clock shows: the sol, and the local time to the second. */
export function localTime(
  nowMs: number,
  sol: number,
  startsMs: number,
  solMs: number,
): { sol: number; time: string } {
  const sols = (nowMs - startsMs) / solMs;
  const whole = Math.floor(sols);
  const seconds = Math.floor((sols - whole) * LOCAL_S_PER_SOL);
  return { sol: sol + whole, time: timeOfDay(Math.min(seconds, LOCAL_S_PER_SOL - 1)) };
}

/** What UTC shows: the date, and the time to the second. */
export function utc(nowMs: number): { day: string; time: string } {
  const now = new Date(nowMs);
  const day = `${now.getUTCDate()} ${MONTHS[now.getUTCMonth()]} ${now.getUTCFullYear()}`;
  return { day, time: timeOfDay(Math.floor(nowMs / 1000) % 86400) };
}

// Only words that change are written, so that a selection and the layout stay as they are.
function show(clock: HTMLElement, part: string, words: string): void {
  const node = clock.querySelector(`[data-part="${part}"]`);
  if (node && node.textContent !== words) node.textContent = words;
}

function tick(nowMs: number): void {
  for (const clock of document.querySelectorAll<HTMLElement>("[data-clock]")) {
    if (clock.dataset["clock"] === "utc") {
      const { day, time } = utc(nowMs);
      show(clock, "day", day);
      show(clock, "time", time);
    } else {
      const { sol, startsMs, solMs } = clock.dataset;
      const now = localTime(nowMs, Number(sol), Number(startsMs), Number(solMs));
      show(clock, "sol", `sol\u00a0${now.sol}`);
      show(clock, "time", now.time);
    }
  }
}

let waiting: number | undefined;

function run(): void {
  clearTimeout(waiting);
  if (document.hidden) return;
  const nowMs = Date.now();
  tick(nowMs);
  waiting = setTimeout(run, 1000 - (nowMs % 1000));
}

document.addEventListener("visibilitychange", run);
run();
