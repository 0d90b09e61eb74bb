"""Speaks with a cell through comms, while it runs and after; prints as JSON what was said on both sides."""

import json
import queue
import sys
import time

from jupyter_client.manager import KernelManager

COMMS = "globalThis[Symbol.for('jupyter.comms')]"
CELL = f"""
const comm = ({COMMS} as any).connect("test.target", {{hello: 1}}, {{
  metadata: {{version: "2.1.0"}}, buffers: [Float32Array.of(1, 2.5)]}});
let heard = 0, closed = "";
comm.onClose = by => {{ closed = by; }};
comm.onMessage = ({{data, buffers, header}}) => {{
  heard++;
  comm.send({{echo: data, bytes: [...(buffers[0] ?? [])]}}, {{parent: header, buffers: [Uint8Array.of(7, 8)]}});
}};
while (heard < 3) await new Promise(resolve => setTimeout(resolve, 5));
console.log("heard " + heard);
"""
FAULT = "comm.onMessage = () => { throw new Error('a fault of the handler'); };"
BURST = "for (let i = 0; i < 3000; i++) comm.send({i: i})"


def main(folder: str) -> None:
    manager = KernelManager(kernel_name="tslab")
    manager.start_kernel(cwd=folder)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    seen: list[dict] = []

    def listen(until, seconds: float = 60) -> dict:
        deadline = time.time() + seconds
        while time.time() < deadline:
            try:
                message = client.get_iopub_msg(timeout=0.2)
            except queue.Empty:
                continue
            seen.append(message)
            if until(message):
                return message
        raise TimeoutError(json.dumps([m["msg_type"] for m in seen[-20:]]))

    def send(kind: str, content: dict, buffers: list[bytes] | None = None) -> str:
        message = client.session.msg(kind, content)
        client.session.send(client.shell_channel.socket, message, buffers=buffers)
        return message["header"]["msg_id"]

    def execute(code: str, cell: str) -> str:
        message = client.session.msg("execute_request", {
            "code": code, "silent": False, "store_history": True,
            "user_expressions": {}, "allow_stdin": False, "stop_on_error": False})
        message["metadata"] = {"cellId": cell}
        client.session.send(client.shell_channel.socket, message)
        return message["header"]["msg_id"]

    def of(kind: str):
        return lambda message: message["msg_type"] == kind

    def idle(sent: str):
        return lambda m: m["parent_header"].get("msg_id") == sent and m["content"].get("execution_state") == "idle"

    def answers(sent: str) -> list[dict]:
        return [m for m in seen if m["msg_type"] == "comm_msg" and m["parent_header"].get("msg_id") == sent]

    results: dict = {}
    try:
        cell = execute(CELL, "one")
        opened = listen(of("comm_open"))
        comm_id = opened["content"]["comm_id"]
        results["opened"] = {
            "target": opened["content"]["target_name"],
            "data": opened["content"]["data"],
            "bytes": list(bytes(opened["buffers"][0])),
            "version": opened["metadata"]["version"],
            "of the cell": opened["parent_header"]["msg_id"] == cell,
        }
        times = []
        for n in range(3):
            began = time.time()
            sent = send("comm_msg", {"comm_id": comm_id, "data": {"n": n}}, [bytes([n, 200])])
            answer = listen(lambda m: m["msg_type"] == "comm_msg" and m["parent_header"].get("msg_id") == sent)
            times.append(1000 * (time.time() - began))
            results.setdefault("answers", []).append(
                [answer["content"]["data"], list(bytes(answer["buffers"][0]))])
            if n == 0:
                listen(idle(sent))
                # The cell still runs: the status line must not stay at idle.
                results["then"] = listen(of("status"))["content"]["execution_state"]
        results["ms"] = max(times)
        listen(idle(cell))
        results["said"] = "".join(m["content"]["text"] for m in seen if m["msg_type"] == "stream")

        sent = send("comm_info_request", {"target_name": "test.target"})
        results["info"] = list(client.get_shell_msg(timeout=60)["content"].get("comms", {}).values())
        while not results["info"]:
            results["info"] = list(client.get_shell_msg(timeout=60)["content"].get("comms", {}).values())
        send("history_request", {"hist_access_type": "tail", "output": False, "raw": True, "n": 1})
        results["history"] = client.get_shell_msg(timeout=60)["msg_type"]

        stranger = send("comm_open", {"comm_id": "stranger", "target_name": "nobody", "data": {}})
        results["stranger"] = listen(of("comm_close"))["content"]["comm_id"]
        listen(idle(stranger))

        listen(idle(execute(BURST, "two")), 120)
        came = [m["content"]["data"]["i"] for m in seen if m["msg_type"] == "comm_msg" and "i" in m["content"]["data"]]
        results["burst"] = came == list(range(3000))

        listen(idle(execute(FAULT, "three")))
        listen(idle(send("comm_msg", {"comm_id": comm_id, "data": {}})))
        listen(lambda m: m["msg_type"] == "stream" and m["content"]["name"] == "stderr")
        last = execute("console.log('goes on')", "four")
        listen(idle(last))
        results["stderr"] = "".join(
            m["content"]["text"] for m in seen if m["msg_type"] == "stream" and m["content"]["name"] == "stderr")
        results["goes on"] = any("goes on" in m["content"].get("text", "") for m in seen)

        anew = execute("console.log('by ' + closed)", "one")
        closed = listen(of("comm_close"))["content"]["comm_id"]
        listen(idle(anew))
        results["anew"] = [closed == comm_id, any("by cell" in m["content"].get("text", "") for m in seen)]

        wrong = client.session.msg("comm_msg", {"comm_id": comm_id, "data": {}})
        key, client.session.key = client.session.key, b"another"
        client.session.send(client.shell_channel.socket, wrong)
        client.session.key = key
        listen(idle(execute("console.log('lives')", "five")))
        results["lives"] = any("lives" in m["content"].get("text", "") for m in seen)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    print(json.dumps(results))


main(sys.argv[1])
