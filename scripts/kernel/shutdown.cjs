// tslab closes its sockets on shutdown and waits for the event loop to run empty; a cell's forgotten loop or timer
// would keep the kernel alive until Jupyter kills it, seconds later.

function endOnShutdown(server, delayMs = 200) {
  const close = server.close;
  server.close = function () {
    close.call(this);
    setTimeout(() => process.exit(0), delayMs).unref();
  };
}

module.exports = {endOnShutdown};
