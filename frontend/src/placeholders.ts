// A picture that has not come yet shows its colours, blurred: a ThumbHash of some 25 bytes is in
// the page. Styles are set by the script, because the site's policy takes no style from HTML.

import { thumbHashToDataURL } from "thumbhash";

const LONGEST_BYTES = 64;

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

// What comes sooner than this needs no placeholder: making one would only delay the picture.
const PATIENCE_MS = 100;

/** Give a picture that is not there soon its placeholder until it has loaded. */
export function placeholder(image: HTMLImageElement): void {
  setTimeout(() => void cover(image), PATIENCE_MS);
}

function cover(image: HTMLImageElement): void {
  const hash = image.dataset["thumbhash"];
  if (!hash || hash.length > LONGEST_BYTES || (image.complete && image.naturalWidth)) return;
  let bytes: Uint8Array;
  try {
    bytes = bytesOf(hash);
  } catch {
    return; // Not base64: the picture comes without a placeholder.
  }
  image.style.background = `center / 100% 100% no-repeat url(${thumbHashToDataURL(bytes)})`;
  const clear = (): void => void image.style.removeProperty("background");
  image.addEventListener("load", clear, { once: true });
  image.addEventListener("error", clear, { once: true });
}
