// What every page loads. It must stay small: everything large is imported when it is asked for.

import { enlargeLinks } from "./enlarge";
import { hearts } from "./hearts";
import { placeholder } from "./placeholders";

for (const image of document.querySelectorAll<HTMLImageElement>("img[data-thumbhash]")) {
  placeholder(image);
}
enlargeLinks();
hearts();
