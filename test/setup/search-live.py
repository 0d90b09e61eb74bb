"""Long work in the real kernel, interrupted; prints as JSON for each cell what it showed last, its status, the seconds
that it went on after the interrupt, and the processor seconds that the kernel took in the second after its end."""

import json
import os
import queue
import sys
import tempfile
import time

from jupyter_client.manager import KernelManager

BEGIN = """
import {evaluate, loadDataset, search, searchSpec, useBackend} from "multiprize";
import {ablate, findOrRun} from "multiprize/experiments";
await useBackend("auto");
const data = await loadDataset("mnist");
const spec = searchSpec({arch: "digits", keepFraction: 0.2, epochs: 30});
"""
# Two cells, of which the second goes on for long, recorded in a folder of their own.
FIND = """
const short = {arch: "digits", keepFraction: 0.2, epochs: 1, subset: 300} as const;
const settings = [short, {...short, epochs: 500}].map((given, x) => ({curve: "c", x, dataset: "mnist" as const, given}));
const two = {name: "two", title: "Two", question: "", x: "x", file: "two.json", settings};
const places = {results: "FOLDER/results", runs: "FOLDER/runs"};
const cells = await findOrRun(two, {preset: "laptop", places})
"""
CELLS = {
    "begin": (BEGIN, ""),
    "search": ("const found = await search(spec, data)", "batch 2/"),
    "result": ("console.log(found.interruptedAt > 0, found.testAccuracy, found.network.masked.length)", ""),
    "whole": (
        "const whole = await search({...spec, epochs: 1, subset: 300}, data); console.log(whole.testAccuracy > 5)",
        "",
    ),
    "ablate": ('const ablated = await ablate({gain: "one"}, {epochs: 60})', "epoch 1 of"),
    "ablated": ("console.log(ablated.default.interrupted, ablated.default.epochs.length > 0)", ""),
    "evaluate": (
        "const many = {...data, test: {...data.train, count: 8000}};\n"
        "for (let i = 0; i < 40; i++) await evaluate(found.network.model, many, 'test', {batchSize: 20})",
        "evaluating",
    ),
    "find": (FIND, "2/2"),
    "found": ("console.log(cells.map(({record}) => record?.outcome).join())", ""),
}


def main(folder: str) -> None:
    manager = KernelManager(kernel_name="tslab")
    manager.start_kernel(cwd=folder)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=120)

    def processor() -> float:
        with open(f"/proc/{manager.provisioner.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def run(code: str, stop_at: str) -> dict:
        sent, shown, stopped, deadline = client.execute(code), [], None, time.time() + 240
        while time.time() < deadline:
            try:
                message = client.get_iopub_msg(timeout=0.1)
            except queue.Empty:
                continue
            content = message["content"]
            if message["parent_header"].get("msg_id") != sent:
                continue
            text = content.get("text") or content.get("data", {}).get("text/plain", "")
            if text:
                shown.append(text)
            if stop_at and stop_at in text and stopped is None:
                manager.interrupt_kernel()
                stopped = time.time()
            if content.get("execution_state") == "idle":
                break
        after = time.time() - stopped if stopped else None
        reply = client.get_shell_msg(timeout=60)
        while reply["parent_header"].get("msg_id") != sent:
            reply = client.get_shell_msg(timeout=60)
        before = processor()
        time.sleep(1)
        still = processor() - before
        return {"status": reply["content"]["status"], "shown": shown[-4:], "after": after, "still": still}

    try:
        with tempfile.TemporaryDirectory() as place:
            print(json.dumps({name: run(code.replace("FOLDER", place), at) for name, (code, at) in CELLS.items()}))
    finally:
        manager.shutdown_kernel(now=True)


main(sys.argv[1])
