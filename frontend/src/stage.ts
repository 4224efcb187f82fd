// A picture on its stage: OpenSeadragon, in the terms of a view.

import OpenSeadragon from "./openseadragon";
import type { Picture } from "./picture";
import { turn, type View } from "./view";

// From so many screen pixels for one of the picture on, pixels are shown as what they are.
const PIXELS_ABOVE = 4;
const PAN_SHARE = 0.2;
const ANIMATION_S = 0.5;
const SETTLED_MS = 3000;

interface Asked {
  error?: { message?: string; found?: string };
}

/** Less is moved where the reader asks for it. */
export const still = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** What is known of a picture at the Image API, under the address by which this page knows it. */
async function information(service: string): Promise<Record<string, unknown>> {
  const answer = await fetch(`${service}/info.json`, { headers: { Accept: "application/json" } });
  const said = (await answer.json()) as Record<string, unknown> & Asked;
  if (!answer.ok) throw new Error(said.error?.message ?? `The server answered ${answer.status}.`);
  // Behind a proxy the server may know itself by another name than the reader does.
  return { ...said, id: service };
}

/**
 * OpenSeadragon adds a `style` element, which the site's policy forbids and nothing here needs.
 * Where it finds one of its own it adds none; one of no namespace is no style.
 */
function refuseStyle(): void {
  const name = "data-openseadragon-mobile-css";
  if (document.querySelector(`style[${name}]`)) return;
  const made = document.createElementNS(null, "style");
  made.setAttribute(name, "");
  document.head.append(made);
}

export class Stage {
  /** Called when the view has changed, or is about to. */
  onChange: () => void = () => {};
  /** Called whenever something was drawn. */
  onDraw: () => void = () => {};

  private light = { brightness: 100, contrast: 100 };

  private constructor(
    private readonly viewer: OpenSeadragon.Viewer,
    private readonly picture: Picture,
    readonly width: number,
    readonly height: number,
  ) {
    this.limit();
    for (const event of ["zoom", "pan", "rotate"] as const) {
      viewer.addHandler(event, () => this.changed());
    }
    viewer.addHandler("resize", () => this.limit());
    viewer.addHandler("rotate", () => this.limit());
    viewer.addHandler("update-viewport", () => this.onDraw());
    this.describe();
  }

  /** Put a picture on a stage. */
  static async open(host: HTMLElement, picture: Picture): Promise<Stage> {
    const info = await information(picture.service);
    refuseStyle();
    const viewer = OpenSeadragon({
      element: host,
      drawer: "canvas",
      prefixUrl: "",
      showNavigationControl: false,
      keyboardNavEnabled: false,
      visibilityRatio: 1,
      constrainDuringPan: true,
      minZoomImageRatio: 1,
      animationTime: still() ? 0 : ANIMATION_S,
      immediateRender: still(),
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
      gestureSettingsTouch: { pinchRotate: false },
    });
    await new Promise<void>((resolve, reject) => {
      viewer.addOnceHandler("open", () => resolve());
      viewer.addOnceHandler("open-failed", () => reject(new Error("The picture cannot be shown.")));
      viewer.open(info as unknown as OpenSeadragon.TileSourceSpecifier);
    });
    return new Stage(viewer, picture, Number(info["width"]), Number(info["height"]));
  }

  /** The element that takes the focus and the keys. */
  get canvas(): HTMLElement {
    return this.viewer.canvas as HTMLElement;
  }

  /** The view, where a movement under way will end. */
  get view(): View {
    const centre = this.item.viewportToImageCoordinates(this.viewport.getCenter(false));
    return {
      x: centre.x,
      y: centre.y,
      zoom: Math.max(1, this.viewport.getZoom(false) / this.viewport.getHomeZoom()),
      rotation: turn(this.viewport.getRotation()),
      ...this.light,
    };
  }

  /** Least and greatest brightness and contrast, percent. */
  get lightRange(): [number, number] {
    return [this.picture.leastLight, this.picture.mostLight];
  }

  /** Screen pixels for one pixel of the picture, as drawn now. */
  get scale(): number {
    return this.item.viewportToImageZoom(this.viewport.getZoom(true));
  }

  /** When everything that is seen has come, or three seconds have gone by. */
  async settled(): Promise<void> {
    const item = this.item;
    if (item.getFullyLoaded()) return;
    await Promise.race([
      new Promise<void>((resolve) => item.addOnceHandler("fully-loaded-change", () => resolve())),
      new Promise<void>((resolve) => setTimeout(resolve, SETTLED_MS)),
    ]);
  }

  show(view: View, immediately = still()): void {
    this.viewport.setRotation(view.rotation, immediately);
    this.limit();
    this.viewport.zoomTo(view.zoom * this.viewport.getHomeZoom(), undefined, immediately);
    this.viewport.panTo(this.item.imageToViewportCoordinates(view.x, view.y), immediately);
    this.viewport.applyConstraints(immediately);
    this.lighten(view.brightness, view.contrast);
  }

  zoomBy(times: number): void {
    const { zoom } = this.view;
    const wanted = Math.min(Math.max(1, zoom * times), Math.max(1, this.picture.mostZoom));
    this.viewport.zoomTo(wanted * this.viewport.getHomeZoom(), undefined, still());
    this.viewport.applyConstraints(still());
  }

  /** Move by a share of what is seen, as the reader sees right and down. */
  move(right: number, down: number): void {
    const size = this.viewport.getContainerSize();
    const pixels = new OpenSeadragon.Point(right * size.x * PAN_SHARE, down * size.y * PAN_SHARE);
    const points = this.viewport.deltaPointsFromPixels(pixels, false);
    this.viewport.panBy(points.rotate(-this.viewport.getRotation()), still());
    this.viewport.applyConstraints(still());
  }

  /** Turn by quarters, clockwise; what was whole stays whole. */
  turn(quarters: number): void {
    const view = this.view;
    // The half-turned picture of an animation would not fit its stage.
    this.show({ ...view, rotation: turn(view.rotation + quarters * 90) }, true);
  }

  whole(): void {
    this.viewport.setRotation(0, true);
    this.viewport.goHome(still());
  }

  lighten(brightness: number, contrast: number): void {
    const { leastLight, mostLight } = this.picture;
    const between = (value: number): number => Math.min(Math.max(value, leastLight), mostLight);
    this.light = { brightness: between(brightness), contrast: between(contrast) };
    const { brightness: b, contrast: c } = this.light;
    const filter = b === 100 && c === 100 ? "" : `brightness(${b}%) contrast(${c}%)`;
    (this.viewer.drawer.canvas as HTMLElement).style.filter = filter;
    this.onChange();
  }

  close(): void {
    this.viewer.destroy();
  }

  private get viewport(): OpenSeadragon.Viewport {
    return this.viewer.viewport;
  }

  private get item(): OpenSeadragon.TiledImage {
    return this.viewer.world.getItemAt(0);
  }

  private changed(): void {
    this.viewer.drawer.setImageSmoothingEnabled(this.scale < PIXELS_ABOVE);
    this.onChange();
  }

  private limit(): void {
    const most = Math.max(1, this.picture.mostZoom);
    (this.viewport as unknown as { maxZoomLevel: number }).maxZoomLevel =
      most * this.viewport.getHomeZoom();
  }

  private describe(): void {
    this.canvas.setAttribute("role", "application");
    const keys = "Arrow keys move, plus and minus zoom, 0 shows all of it, [ and ] turn it.";
    this.canvas.setAttribute("aria-label", `${this.picture.alt}. ${keys}`);
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const act = {
      ArrowLeft: () => this.move(-1, 0),
      ArrowRight: () => this.move(1, 0),
      ArrowUp: () => this.move(0, -1),
      ArrowDown: () => this.move(0, 1),
      "+": () => this.zoomBy(1.5),
      "=": () => this.zoomBy(1.5),
      "-": () => this.zoomBy(1 / 1.5),
      "0": () => this.whole(),
      Home: () => this.whole(),
      "[": () => this.turn(-1),
      "]": () => this.turn(1),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }
}
