// A view of a picture: which part, how large, turned how far, how light. It is in the address, in
// the same numbers that the server reads and writes (`site/pages/view.py`).

export interface View {
  /** Middle of the view, in pixels of the picture. */
  x: number;
  y: number;
  /** How many times larger than the whole picture fitted in. */
  zoom: number;
  /** Degrees clockwise, 0 to 360. */
  rotation: number;
  /** Percent of the picture as it is. */
  brightness: number;
  contrast: number;
}

export const SAME_LIGHT = 100;
const NAMES = ["x", "y", "zoom", "rotation", "brightness", "contrast"] as const;
// Nearer than this to whole is whole.
const WHOLE = 1.005;

/** The view an address names; what it does not say is that of the whole picture. */
export function readView(query: URLSearchParams, width: number, height: number): View {
  const number = (name: string, otherwise: number): number => {
    const said = Number.parseFloat(query.get(name) ?? "");
    return Number.isFinite(said) ? said : otherwise;
  };
  return {
    x: number("x", width / 2),
    y: number("y", height / 2),
    zoom: Math.max(1, number("zoom", 1)),
    rotation: turn(number("rotation", 0)),
    brightness: number("brightness", SAME_LIGHT),
    contrast: number("contrast", SAME_LIGHT),
  };
}

/** The address of a view, of an address of the same page. */
export function writeView(address: string, view: View): string {
  const [path = "", query = ""] = address.split("?");
  const said = new URLSearchParams(query);
  for (const name of NAMES) said.delete(name);
  if (view.zoom >= WHOLE) {
    said.set("x", rounded(view.x, 1));
    said.set("y", rounded(view.y, 1));
    said.set("zoom", rounded(view.zoom, 2));
  }
  const rotation = rounded(turn(view.rotation), 1);
  if (rotation !== "0" && rotation !== "360") said.set("rotation", rotation);
  if (view.brightness !== SAME_LIGHT) said.set("brightness", rounded(view.brightness, 0));
  if (view.contrast !== SAME_LIGHT) said.set("contrast", rounded(view.contrast, 0));
  const rest = said.toString().replaceAll("%2F", "/");
  return rest ? `${path}?${rest}` : path;
}

/** An angle between 0 and 360 degrees. */
export function turn(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}

function rounded(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}
