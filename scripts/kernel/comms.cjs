// Comms, Jupyter's channels between a page and the code of a cell: widgets are made of them. tslab has none. Here their
// messages are handled when they arrive: at each `await` of the cell that runs, not after it.
const {randomUUID} = require("node:crypto");
const {framesOf, readMessage, typeOf} = require("./wire.cjs");

/** One channel. `onMessage({data, buffers, header})` hears the page; `onClose(by)` is told who closed it, "page" or "cell". */
class Comm {
  closed = false;
  onMessage = () => {};
  onClose = () => {};

  constructor(comms, id, target, cell) {
    Object.assign(this, {comms, id, target, cell});
  }

  /** `parent` is the header of the message that this answers; the running cell's unless given. */
  send(data, {parent, buffers} = {}) {
    if (!this.closed) this.comms.publish("comm_msg", {comm_id: this.id, data}, {parent, buffers});
  }

  close() {
    if (this.closed) return;
    this.comms.publish("comm_close", {comm_id: this.id, data: {}});
    this.forgotten();
  }

  forgotten(by) {
    this.closed = true;
    this.comms.open.delete(this.id);
    if (by !== undefined) this.onClose(by);
  }
}

/** All channels of a kernel. Cells reach it as globalThis[Symbol.for("jupyter.comms")]. */
class Comms {
  /** By id. */
  open = new Map();
  targets = new Map();
  cell = undefined;

  /** `publish(message)` sends on iopub, `reply(message, socket)` to who asked. */
  constructor(publish, reply) {
    Object.assign(this, {send: publish, reply});
  }

  /** Opens a channel to the page. */
  connect(target, data, {metadata, buffers} = {}) {
    const comm = new Comm(this, randomUUID(), target, this.cell?.metadata.cellId);
    this.open.set(comm.id, comm);
    this.publish("comm_open", {comm_id: comm.id, target_name: target, data}, {metadata, buffers});
    return comm;
  }

  /** `handler(comm)` gets the channels that pages open to that target. */
  accept(target, handler) {
    this.targets.set(target, handler);
  }

  /** With the running cell as parent, for nbclient takes what it finds under a cell and nothing else. */
  publish(type, content, {parent = this.cell?.header, metadata, buffers} = {}) {
    this.send({type, content, parent, metadata, buffers});
  }

  /**
   * A cell begins: what it opened when it ran last is over. nbclient does not say which cell it is, and runs none twice.
   */
  begin(request) {
    this.cell = request;
    const {cellId} = request.metadata;
    if (cellId === undefined) return;
    for (const comm of [...this.open.values()].filter(({cell}) => cell === cellId)) {
      const {onClose} = comm;
      comm.close();
      onClose("cell");
    }
  }

  handlers = {
    comm_open: ({content: {comm_id, target_name}}) => {
      const comm = new Comm(this, comm_id, target_name);
      const handler = this.targets.get(target_name);
      // At once: a page waits for seconds for a target that never answers.
      if (handler === undefined) return comm.close();
      this.open.set(comm_id, comm);
      handler(comm);
    },
    comm_msg: ({content: {comm_id, data}, buffers, header}) =>
      this.open.get(comm_id)?.onMessage({data, buffers, header}),
    comm_close: ({content: {comm_id}}) => this.open.get(comm_id)?.forgotten("page"),
    comm_info_request: ({identities, header, content: {target_name}}, socket) => {
      const asked = [...this.open.values()].filter(
        ({target}) => target_name === undefined || target === target_name,
      );
      const comms = Object.fromEntries(asked.map(({id, target}) => [id, {target_name: target}]));
      const content = {status: "ok", comms};
      this.reply({type: "comm_info_reply", content, parent: header, identities}, socket);
    },
    /** Each page that opens asks; tslab would write "unknown msg_type" into the cell that runs. */
    history_request: ({identities, header}, socket) => {
      const content = {status: "ok", history: []};
      this.reply({type: "history_reply", content, parent: header, identities}, socket);
    },
  };
}

/** As tslab's own messages: what publishStatus asks of one. */
const asParent = (message, sendOn) => ({
  ...message,
  createReply: () => {
    const made = {header: {}, content: {}};
    made.signAndSend = (_key, socket) =>
      sendOn(socket, {type: made.header.msg_type, content: made.content, parent: message.header});
    return made;
  },
});

/** Gives comms to a kernel: the prototypes of tslab's server and of its handler. */
function addComms(server, handler) {
  let serving;
  const sendOn = (socket, message) => socket.send(framesOf(message, serving.connInfo.key));
  const comms = new Comms(
    message => sendOn(serving.iopub, message),
    (message, socket) => sendOn(socket, message),
  );
  globalThis[Symbol.for("jupyter.comms")] = comms;

  const {handleShellMessage, handleExecute} = server;
  server.handleShellMessage = async function (socket, ...frames) {
    serving = this;
    const type = typeOf(frames);
    if (type === undefined || !Object.hasOwn(comms.handlers, type))
      return handleShellMessage.call(this, socket, ...frames);
    const message = readMessage(frames, this.connInfo.key);
    const parent = asParent(message, sendOn);
    this.publishStatus("busy", parent);
    try {
      comms.handlers[type](message, socket);
    } catch (error) {
      // Under the cell that ran last: a handler's fault is told, and ends nothing.
      console.error(error);
    } finally {
      this.publishStatus("idle", parent);
    }
  };

  // The handler is given a request's content alone, and begins it when those before it have ended.
  const requests = new WeakMap();
  server.handleExecute = function (socket, message) {
    requests.set(message.content, message);
    return handleExecute.call(this, socket, message);
  };
  const {handleExecuteImpl} = handler;
  handler.handleExecuteImpl = function (request, ...writers) {
    comms.begin(requests.get(request));
    return handleExecuteImpl.call(this, request, ...writers);
  };
}

module.exports = {addComms};
