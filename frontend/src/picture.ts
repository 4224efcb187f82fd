// What a page says of a picture to the viewer, in `data-` attributes (`parts/enlarged.html`).

export interface Picture {
  /** The picture at the IIIF Image API. */
  service: string;
  width: number;
  height: number;
  mostZoom: number;
  leastLight: number;
  mostLight: number;
  zoomHref: string;
  title: string;
  when: string;
  credit: string;
  alt: string;
  /** What one pixel in its middle covers; none where no camera model tells. */
  degrees: number | undefined;
  simulated: boolean;
}

export function pictureOf(element: HTMLElement): Picture {
  const said = element.dataset;
  const text = (name: string): string => said[name] ?? "";
  const degrees = Number(said["degrees"]);
  return {
    service: text("service"),
    width: Number(said["width"]),
    height: Number(said["height"]),
    mostZoom: Number(said["mostZoom"]),
    leastLight: Number(said["leastLight"]),
    mostLight: Number(said["mostLight"]),
    zoomHref: text("zoomHref"),
    title: text("title"),
    when: text("when"),
    credit: text("credit"),
    alt: text("alt"),
    degrees: degrees > 0 ? degrees : undefined,
    simulated: "simulated" in said,
  };
}
