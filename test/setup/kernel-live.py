"""Runs cells in the real kernel; prints as JSON what came of them, [status, output] a cell, and of its status line."""

import glob
import json
import os
import queue
import sys
import tempfile
import time

import zmq
from jupyter_client.manager import KernelManager

BURST = "for (let i = 0; i < 5000; i++) console.log(`line ${i}`)"
LISTENS = """
let stop = false;
process.once("SIGINT", () => (stop = true));
while (!stop) await new Promise(resolve => setImmediate(resolve));
console.log("stopped by itself");
"""
DEAF = "for (;;) await new Promise(resolve => setTimeout(resolve, 10))"
DISPLAYS = "import * as tslab from 'tslab'; for (let i = 0; i < %d; i++) tslab.display.text(`${i}`)"
WAITS = "console.log('begin%d'); await new Promise(resolve => setTimeout(resolve, 300)); console.log('end%d')"
LISTENS_AGAIN = """
let again = false;
process.once("SIGINT", () => (again = true));
// A signal during a cell's synchronous part is not heard.
await new Promise(resolve => setTimeout(resolve, 200));
console.log("listening");
while (!again) await new Promise(resolve => setTimeout(resolve, 5));
"""
FAULTS = {
    "thrown": "function fails(): void {\n  throw new TypeError('no good', {cause: new Error('why')});\n}\nfails()",
    "later": "await new Promise((_, reject) => setTimeout(() => reject(new Error('too late')), 5))",
    "mistake": "import {searchSpec} from 'multiprize'; searchSpec({arch: 'digits', keepFraction: 3})",
    "word": "import {searchSpec} from 'multiprize';\nsearchSpec({arch: 'digits',\n  gain: 'on'})",
    "property": "import {ablate} from 'multiprize/experiments';\nawait ablate({gian: 'one'})",
    "timer": "setTimeout(() => {}, 1)",
}


def come_and_go(folder: str) -> list[str]:
    """Files where the compiler has looked in vain, and one that it has read."""
    made = []
    for place in ("node_modules", "node_modules/@types", "."):
        for n in range(5):
            made.append(tempfile.mkdtemp(prefix="come-and-go-", dir=os.path.join(folder, place)))
    for path in glob.glob(os.path.join(folder, "dist", "entries", "*.d.ts")):
        os.utime(path)
    for path in made:
        os.rmdir(path)
    return made


def main(folder: str) -> None:
    manager = KernelManager(kernel_name="tslab")
    manager.start_kernel(cwd=folder)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    def run(code: str, interrupt: bool = False) -> list[str]:
        sent = client.execute(code)
        output, due = "", time.time() + 1 if interrupt else None
        deadline = time.time() + 120
        while time.time() < deadline:
            if due and time.time() > due:
                manager.interrupt_kernel()
                due = None
            try:
                message = client.get_iopub_msg(timeout=0.2)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") != sent:
                continue
            if message["msg_type"] == "stream":
                output += message["content"]["text"]
            if message["content"].get("execution_state") == "idle":
                break
        else:
            return ["timeout", output]
        while True:
            reply = client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == sent:
                return [reply["content"]["status"], output]

    def together(cells: list[str], interrupt_at: str = "") -> dict:
        """All sent at once, as Run All does; what the lab's status line said as each wrote, and the replies."""
        sent = [client.execute(code, stop_on_error=False) for code in cells]
        client.comm_info()
        state, seen, idle, deadline = "", {}, set(), time.time() + 120
        while time.time() < deadline and len(idle) < len(sent):
            try:
                message = client.get_iopub_msg(timeout=0.2)
            except queue.Empty:
                continue
            content, parent = message["content"], message["parent_header"].get("msg_id")
            if message["msg_type"] == "stream":
                for line in content["text"].split():
                    seen[line] = state
                    if line == interrupt_at:
                        manager.interrupt_kernel()
            if "execution_state" in content:
                state = content["execution_state"]
                if state == "idle" and parent in sent:
                    idle.add(parent)
        replies = {}
        while len(replies) < len(sent):
            reply = client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") in sent:
                replies[reply["parent_header"]["msg_id"]] = reply["content"]["status"]
        return {"seen": seen, "replies": [replies[each] for each in sent], "end": state}

    def displays(count: int) -> int:
        sent = client.execute(DISPLAYS % count)
        came, deadline = 0, time.time() + 120
        while time.time() < deadline:
            try:
                message = client.get_iopub_msg(timeout=0.2)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") != sent:
                continue
            came += message["msg_type"] == "display_data"
            if message["content"].get("execution_state") == "idle":
                client.get_shell_msg(timeout=60)
                return came
        return -1

    def early() -> list[bool]:
        """
        A kernel started again, asked before it is there by one who looks for it all the time; one who listens looks
        less often. Whether the replies, and the statuses that come before them, were heard.
        """
        came = []
        for _ in range(2):
            manager.shutdown_kernel(restart=True)
            asking = manager.client()
            shell, iopub = (zmq.Context.instance().socket(kind) for kind in (zmq.DEALER, zmq.SUB))
            shell.RECONNECT_IVL, iopub.RECONNECT_IVL, iopub.SUBSCRIBE = 5, 200, b""
            shell.connect(f"tcp://{asking.ip}:{asking.shell_port}")
            iopub.connect(f"tcp://{asking.ip}:{asking.iopub_port}")
            asked = asking.session.send(shell, "kernel_info_request")["header"]["msg_id"]
            manager.start_kernel(cwd=folder)
            states = []
            came.append(bool(shell.poll(60_000)))
            while iopub.poll(2000) and states[-1:] != ["idle"]:
                _, message = asking.session.recv(iopub)
                if message["parent_header"].get("msg_id") == asked:
                    states.append(message["content"]["execution_state"])
            came.append(states == ["busy", "idle"])
            shell.close(0)
            iopub.close(0)
        return came

    try:
        results = {
            "burst": run(BURST),
            "displays": displays(1500),
            "listens": run(LISTENS, interrupt=True),
            "goes on": run("'still ' + stop"),
            "status": together([WAITS % (n, n) for n in range(3)]),
            "waiting": together([LISTENS_AGAIN, "console.log('not to run')"], interrupt_at="listening"),
            "after": run("'new ' + 1"),
            "deaf": run(DEAF, interrupt=True),
        }
        # A cell that comes within 0.2 s of a failed one counts as waiting behind it.
        for name, code in FAULTS.items():
            time.sleep(0.5)
            results[name] = run(code)
        time.sleep(0.5)
        results["files"] = [run("import {ticketOf} from 'multiprize'; 'before'"), come_and_go(folder)]
        time.sleep(1)
        results["files"] += [run("'noted ' + typeof ticketOf"), run("import {maskOf} from 'multiprize'; typeof maskOf")]
        results["last"] = run("1 + 1")
        client.stop_channels()
        results["early"] = early()
        print(json.dumps(results))
    finally:
        manager.shutdown_kernel(now=True)


main(sys.argv[1])
