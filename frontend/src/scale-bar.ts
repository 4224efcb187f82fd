// A bar that says how large something looks: its length in degrees, by the camera model.

import { element } from "./elements";

const LONGEST_PX = 140;
const STEPS = [5, 2, 1];

/** The longest round angle that fits: its degrees, and its length in pixels. */
export function roundAngle(degreesPerPx: number): { degrees: number; lengthPx: number } {
  const most = LONGEST_PX * degreesPerPx;
  const ten = 10 ** Math.floor(Math.log10(most));
  const degrees = ten * (STEPS.find((step) => step * ten <= most) ?? 1);
  return { degrees, lengthPx: degrees / degreesPerPx };
}

export class ScaleBar {
  readonly root: HTMLElement;
  private readonly bar = element("span", { class: "scale-line" });
  private readonly words = element("span");

  constructor(private readonly degreesPerPicturePx: number) {
    const title = "In the middle of the picture, by the camera model";
    this.root = element("p", { class: "scale num", title }, this.bar, this.words);
  }

  /** Draw it for so many screen pixels to one of the picture. */
  draw(scale: number): void {
    const { degrees, lengthPx } = roundAngle(this.degreesPerPicturePx / scale);
    this.bar.style.width = `${lengthPx}px`;
    const said = `${Number(degrees.toPrecision(1))}°`;
    if (this.words.textContent !== said) this.words.textContent = said;
  }
}
