// What our scripts find in the browser that TypeScript does not know: the events of a live page,
// htmx's events, and the libraries in static/vendor/.

type GiftKind = "sticker" | "small" | "medium" | "large" | "full";

/** A gift as the event stream tells it. */
interface LiveGift {
  id: string;
  event_id?: number;
  gift: string; // the slug
  name: string;
  kind: GiftKind;
  art: string;
  coins: number;
  quantity: number;
  duration_ms: number;
  from?: string | null;
  handle?: string | null;
  private?: boolean;
  message?: string;
  combo?: string | null;
  to?: string | null; // the name of the guest who gets it; without a handle its creator does
  to_handle?: string | null;
  at?: string;
  test?: boolean;
}

/** The same in words, as the stage speaks of it. */
interface StageGift extends LiveGift {
  who: string;
  what: string;
  undone?: boolean;
}

interface LiveUndo {
  id: string;
  event_id?: number;
  coins: number;
  quantity: number;
  to_handle?: string;
}

interface LiveGoal {
  id: string;
  unit: "coins" | "gifts";
  title: string;
  counted: number;
  target: number;
}

interface HtmxDetail {
  xhr: XMLHttpRequest;
  verb: string;
  headers: Record<string, string>;
  target: Element;
  shouldSwap: boolean;
  isError: boolean;
  swapOverride: string;
  selectOverride: string;
  requestConfig: { verb: string };
  issueRequest(skipConfirmation: boolean): void;
}

/** A guest who is on, as the event stream tells it. */
interface LiveGuest {
  id: string;
  seat: number;
  name: string;
  handle: string;
  person: string;
  picture: string;
  muted: boolean;
}

/** `replayed`: told again in time with a replay; it counted when it was sent. */
type Told<Detail> = CustomEvent<Detail & { event_id: number; replayed?: boolean }>;

interface DocumentEventMap {
  "live:gift": Told<LiveGift>;
  "live:test": Told<LiveGift>;
  "live:undo": Told<LiveUndo>;
  "live:hide": CustomEvent<{ event?: number; id?: string }>;
  "live:thanks": Told<{ id: string; by: string; to?: string | null; name: string }>;
  "live:chat": Told<{ from: string | null; handle: string; text: string; creator?: boolean }>;
  "live:goal": Told<LiveGoal>;
  "live:changed": Told<{ title: string; adults_only: boolean }>;
  "live:picture": Told<{ state: string; src: string; name?: string; host?: string }>;
  "live:rescheduled": Told<{ scheduled_for: string }>;
  "live:caption": Told<{ text: string; at?: string }>;
  "live:guest": Told<{ tag: string }>;
  "live:guests": Told<{ guests: LiveGuest[]; asking: boolean }>;
  "live:guest_picture": Told<{ guest: string; state: string; src: string }>;
  "camera:muted": CustomEvent<{ muted: boolean }>;
  "video:still": CustomEvent<{ still: boolean }>;
  "video:guests": CustomEvent<{ count: number }>;
  "live:rewind": CustomEvent<null>;
  "live:viewers": CustomEvent<{ viewers: number }>;
  toast: CustomEvent<{ text: string; kind?: string }>;
  "htmx:beforeSwap": CustomEvent<HtmxDetail>;
  "htmx:configRequest": CustomEvent<HtmxDetail>;
  "htmx:responseError": CustomEvent<HtmxDetail>;
  "allauth.error": CustomEvent<{ exception?: Error }>;
  "htmx:confirm": CustomEvent<HtmxDetail>;
}
interface HTMLElementEventMap {
  "htmx:beforeSwap": CustomEvent<HtmxDetail>;
}

interface ParentNode {
  // Our selectors name HTML elements; where one names something else, or more of it is needed, the
  // place says so in a @type.
  querySelector<E extends Element = HTMLElement>(selectors: string): E | null;
  querySelectorAll<E extends Element = HTMLElement>(selectors: string): NodeListOf<E>;
}
interface Element {
  closest<E extends Element = HTMLElement>(selectors: string): E | null;
}
interface HTMLElement {
  director?: import("../gifts/static/gifts/stage/director.js").Director; // of a stage
}

interface Window {
  htmx?: { process(element: Element): void };
  Chart: any; // Chart.js has types in npm only
  SwaggerUIBundle(settings: object): void;
}
declare var lottie: any; // likewise lottie-web
