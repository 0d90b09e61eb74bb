// Output of a cell: many small writes become few messages, and no message is dropped.

const everyMs = 100;
const largest = 32 * 1024;

/**
 * ZeroMQ drops what a publisher sends beyond 1,000 waiting messages, the cell's "idle" among them. No limit, then. And
 * zeromq.js makes each 513th send of a socket wait for the next turn of the event loop, and throws at any send until
 * then; with no time to wait in, it sends at once.
 */
function unboundedQueue(server) {
  const bindSocket = server.bindSocket;
  server.bindSocket = function (socket, port) {
    socket.sendHighWaterMark = 0;
    socket.sendTimeout = 0;
    return bindSocket.call(this, socket, port);
  };
}

/** Collects text by stream; sends when it has waited 100 ms, is large, or something else must come after it. */
class Batch {
  constructor(send) {
    this.send = send;
    this.name = undefined;
    this.text = "";
    this.sentAt = 0;
    this.timer = undefined;
  }

  write(name, text) {
    if (name !== this.name) this.flush();
    this.name = name;
    this.text += text;
    if (this.text.length >= largest || performance.now() - this.sentAt >= everyMs) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), everyMs);
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const text = this.text;
    if (text === "") return;
    this.text = "";
    this.sentAt = performance.now();
    this.send(this.name, text);
  }
}

/** Every cell gets a batch; displays and the cell's end come after what was written before them. */
function batchStreams(handler) {
  const execute = handler.handleExecuteImpl;
  handler.handleExecuteImpl = async function (request, writeStream, writeDisplayData) {
    const batch = new Batch(writeStream);
    const display = (data, update) => {
      batch.flush();
      writeDisplayData(data, update);
    };
    try {
      return await execute.call(this, request, (name, text) => batch.write(name, text), display);
    } finally {
      batch.flush();
    }
  };
}

module.exports = {Batch, batchStreams, unboundedQueue};
