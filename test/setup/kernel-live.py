"""Runs cells in the real kernel and prints what came of each as one JSON list: [[status, output], ...]"""

import json
import queue
import sys
import time

from jupyter_client.manager import KernelManager

BURST = "for (let i = 0; i < 5000; i++) console.log(`line ${i}`)"
LISTENS = """
let stop = false;
process.once("SIGINT", () => (stop = true));
while (!stop) await new Promise(resolve => setImmediate(resolve));
console.log("stopped by itself");
"""
DEAF = "for (;;) await new Promise(resolve => setTimeout(resolve, 10))"


def main(folder: str) -> None:
    manager = KernelManager(kernel_name="tslab")
    manager.start_kernel(cwd=folder)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    def run(code: str, interrupt: bool = False) -> list[str]:
        sent = client.execute(code)
        output, due = "", time.time() + 1 if interrupt else None
        deadline = time.time() + 30
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
            reply = client.get_shell_msg(timeout=10)
            if reply["parent_header"].get("msg_id") == sent:
                return [reply["content"]["status"], output]

    try:
        results = [run(BURST), run(LISTENS, interrupt=True), run("'still ' + stop"), run(DEAF, interrupt=True)]
        time.sleep(0.5)  # tslab drops what arrives in the 0.2 s after a failed cell
        results.append(run("1 + 1"))
        print(json.dumps(results))
    finally:
        manager.shutdown_kernel(now=True)


main(sys.argv[1])
