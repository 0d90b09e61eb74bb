// What a kernel publishes before those who subscribed are connected is lost, and a kernel that starts again answers at
// once what was asked meanwhile: the lab missed its first "idle" and said Unknown until a cell was run.

/** Without a subscriber there is nobody to wait for. */
const longest = 1000;
/** Who looks for the kernel's port looks ten times a second; there may be several. */
const others = 250;

/** Nothing is asked of the kernel before those who listen can hear: tslab binds the socket that it publishes on first. */
function hearAfterSubscribers(server) {
  const {bindSocket} = server;
  const heard = new WeakMap();
  server.bindSocket = async function (socket, port) {
    if (socket !== this.iopub) {
      await heard.get(this);
      return bindSocket.call(this, socket, port);
    }
    const connected = new Promise(resolve => {
      const {events} = socket;
      const enough = setTimeout(resolve, longest);
      events.on("handshake", () => {
        clearTimeout(enough);
        setTimeout(resolve, others);
      });
    });
    const bound = bindSocket.call(this, socket, port);
    heard.set(
      this,
      bound.then(() => connected),
    );
    return bound;
  };
}

module.exports = {hearAfterSubscribers};
