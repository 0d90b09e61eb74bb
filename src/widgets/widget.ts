// A widget of Jupyter (protocol 2.1): a state that the code of a cell and the page both hold, and a module that draws it
// in the page and changes it. The page's part is anywidget's, which takes any module.
import type {Bundle, Screen} from "../report/screen";
import {split} from "./binary";
import {type Comm, type CommMessage, kernelComms} from "./comm";

const version = {version_major: 2, version_minor: 1};
/** As anywidget registers itself; its version is that of requirements.txt. */
const anywidget = {
  ...{_model_module: "anywidget", _model_name: "AnyModel", _model_module_version: "~0.11.0"},
  ...{_view_module: "anywidget", _view_name: "AnyView", _view_module_version: "~0.11.0"},
  _view_count: null,
};

export interface WidgetOptions<State> {
  readonly state: State;
  /** Text of an ES module, `export default {render({model, el}) {…}}`, and its style. */
  readonly module: string;
  readonly style?: string;
  /** What a page without widgets shows. */
  readonly fallback: Bundle;
  readonly screen: Screen;
  /** Least time between two updates of the page. A server drops what is sent faster than a thousand times a second. */
  readonly everyMs?: number;
}

type Handler = (value: unknown) => void;

/** Widgets that are open, by their comm: a page that is loaded anew asks for all of them. */
const open = new Map<string, Widget<object>>();
let made = 0;

export class Widget<State extends object> {
  private readonly state: State;
  private readonly handlers = new Map<string, Handler>();
  private readonly comm: Comm | undefined;
  private readonly id = `multiprize-widget-${++made}`;
  private waiting: Partial<State> = {};
  private timer: NodeJS.Timeout | undefined;
  private sentAt = Number.NEGATIVE_INFINITY;
  private ended = false;
  /** A page was loaded anew while it lived: such a page holds the output, and takes no other picture in its place. */
  private outlivedPage = false;
  private closedBy: "page" | "cell" | undefined;

  /** Shows itself under the cell that runs. Where no page can hold it, it is its state and nothing else. */
  constructor(private readonly options: WidgetOptions<State>) {
    this.state = {...options.state};
    const comms = options.screen.kind === "notebook" ? kernelComms() : undefined;
    if (comms !== undefined) {
      comms.accept("jupyter.widget.control", answerStates);
      const {buffers, ...data} = split(this.whole());
      const metadata = {version: `${version.version_major}.${version.version_minor}.0`};
      this.comm = comms.connect("jupyter.widget", data, {metadata, buffers});
      this.comm.onMessage = message => this.hear(message);
      this.comm.onClose = by => this.closed(by);
      open.set(this.comm.id, this);
    }
    options.screen.show(this.bundle(), this.id);
  }

  /** A page can show it and be heard, as far as is known. */
  get live(): boolean {
    return this.comm !== undefined && !this.ended && this.closedBy === undefined;
  }

  get<Key extends keyof State>(key: Key): State[Key] {
    return this.state[key];
  }

  /** What the page is to show: of many changes the last, when it is time. */
  set(changes: Partial<State>): void {
    Object.assign(this.state, changes);
    if (!this.live) return;
    Object.assign(this.waiting, changes);
    const wait = (this.options.everyMs ?? 50) - (performance.now() - this.sentAt);
    if (wait <= 0) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), wait);
  }

  /**
   * Hears the page: a value of the state that it changed, its own messages ("message"), or that the cell is run anew
   * ("replaced"). While a cell runs, that is whenever it gives way to the event loop.
   */
  on(event: (keyof State & string) | "message" | "replaced", handler: Handler): void {
    this.handlers.set(event, handler);
  }

  /**
   * The end: this picture takes its place, so that no file that is saved holds a widget without its kernel. A page
   * that was loaded anew since gets no picture, as JupyterLab gives what a cell shows to the page alone that ran it; there
   * the widget remains in its last state, until the cell is run anew.
   */
  done(picture: Bundle): void {
    if (this.ended) return;
    this.flush();
    this.options.screen.show(picture, this.id);
    this.ended = true;
    this.handlers.clear();
    if (this.outlivedPage && this.closedBy === undefined) return;
    if (this.closedBy === undefined) this.comm?.close();
    this.leave();
  }

  /** All that the page holds. */
  whole(): Record<string, unknown> {
    const {module, style = ""} = this.options;
    return {...anywidget, _esm: module, _css: style, _anywidget_id: this.id, ...this.state};
  }

  /** The same, for a page that was loaded anew. */
  forNewPage(): Record<string, unknown> {
    this.outlivedPage = true;
    return this.whole();
  }

  private bundle(): Bundle {
    const {fallback} = this.options;
    if (this.comm === undefined) return fallback;
    return {"application/vnd.jupyter.widget-view+json": {model_id: this.comm.id, ...version}, ...fallback};
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (Object.keys(this.waiting).length > 0) this.tell("update", this.waiting);
    this.waiting = {};
    this.sentAt = performance.now();
  }

  private tell(method: string, values: object, parent?: object): void {
    const {buffers, ...data} = split({...values});
    this.comm?.send({method, ...data}, {parent, buffers});
  }

  private hear({data, header}: CommMessage): void {
    const {method, state = {}, content} = data;
    if (method === "request_state") this.tell("update", this.whole(), header);
    else if (method === "custom") this.handlers.get("message")?.(content);
    else if (method === "update") {
      // The state's own keys alone: the page sends none of its others, and nothing else is taken from it.
      const own = Object.fromEntries(Object.entries(state).filter(([key]) => Object.hasOwn(this.state, key)));
      Object.assign(this.state, own);
      // What the reader turned is newer than what waits here.
      for (const key of Object.keys(own)) delete this.waiting[key as keyof State];
      // Other pages of the notebook follow.
      this.tell("echo_update", own, header);
      for (const [key, value] of Object.entries(own)) this.handlers.get(key)?.(value);
    }
  }

  private closed(by: "page" | "cell"): void {
    this.closedBy = by;
    this.leave();
    if (by === "cell") this.handlers.get("replaced")?.(undefined);
    // Without widgets the page would show nothing but an error where the other forms stand beside it.
    else this.options.screen.show(this.options.fallback, this.id);
  }

  private leave(): void {
    clearTimeout(this.timer);
    if (this.comm) open.delete(this.comm.id);
  }
}

/** One answer with the states of all widgets, in which a path leads through the widget's id to its state. */
function answerStates(control: Comm): void {
  control.onMessage = ({data, header}) => {
    if (data.method !== "request_states") return;
    const states: Record<string, object> = {};
    const paths: (string | number)[][] = [];
    const buffers: ArrayBufferView[] = [];
    for (const [id, widget] of open) {
      const parts = split(widget.forNewPage());
      const {
        _model_name: model_name,
        _model_module: model_module,
        _model_module_version: model_module_version,
      } = anywidget;
      states[id] = {model_name, model_module, model_module_version, state: parts.state};
      paths.push(...parts.buffer_paths.map(path => [id, "state", ...path]));
      buffers.push(...parts.buffers);
    }
    control.send({method: "update_states", states, buffer_paths: paths}, {parent: header, buffers});
  };
}
