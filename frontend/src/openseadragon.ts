// OpenSeadragon as an ES module; `build.mjs` bundles it alone.

import OpenSeadragon from "openseadragon";

export default OpenSeadragon;
