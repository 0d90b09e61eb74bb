// What the lab's status line says: the last status message counts there, whatever it was about.

/**
 * Says "busy" for a cell when it begins, not when it arrives: cells that wait behind it (Run All) would each take the
 * line's "idle" for themselves. While a cell runs, the answer to anything else (a completion, a page that opens) ends in
 * "busy" again. Cells that wait when an interrupt ends the one before are not begun; they answer "aborted"; `Cancelled` is the error that the handler knows them by.
 */
function busyWhileBusy(server, handler, Cancelled = Error) {
  /** By the content of its request: says "busy" for a cell that has not begun. */
  const waiting = new Map();
  let cancelled = new Set();
  let running;

  const publish = server.publishStatus;
  server.publishStatus = function (status, message) {
    const {content} = message;
    const say = state => publish.call(this, state, message);
    if (message.header.msg_type !== "execute_request") {
      say(status);
      if (status === "idle") running?.say();
      return;
    }
    if (status === "busy") {
      waiting.set(content, () => say("busy"));
      return;
    }
    waiting.get(content)?.();
    waiting.delete(content);
    say("idle");
    if (running?.content === content) running = undefined;
    running?.say();
  };

  const execute = handler.handleExecuteImpl;
  handler.handleExecuteImpl = async function (request, ...writers) {
    // The cell before sends its reply and its "idle" first.
    await new Promise(setImmediate);
    if (cancelled.has(request)) {
      this.execQueue.reset();
      throw new Cancelled("the cell before was interrupted");
    }
    running = {content: request, say: waiting.get(request) ?? (() => {})};
    waiting.delete(request);
    running.say();
    return execute.call(this, request, ...writers);
  };

  const answer = handler.handleExecute;
  handler.handleExecute = async function (request, ...writers) {
    const reply = await answer.call(this, request, ...writers);
    const aborted = cancelled.delete(request) || reply.status === "abort";
    return aborted ? {...reply, status: "aborted"} : reply;
  };

  /** None of the cells that wait now is to begin. */
  return {
    cancelWaiting() {
      cancelled = new Set(waiting.keys());
    },
  };
}

module.exports = {busyWhileBusy};
