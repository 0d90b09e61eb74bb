"""nbconvert for many notebooks in turn: to import it anew for each took longer than most pages do.

A line of JSON asks, a line of JSON answers. {"file", "to": "notebook" | "html"}: the notebook executed by the kernel of
.venv, or its stored outputs as a page that asks no other machine for anything; with "notebook", that in the file's
place. The answer holds it as "text", or says what went wrong as "error".
"""

import json
import sys
from os.path import dirname

from nbconvert import HTMLExporter, NotebookExporter
from nbformat import reads
from traitlets.config import Config

execution = {"enabled": True, "timeout": 900, "record_timing": False, "kernel_name": "tslab"}
scripts = {name: "" for name in ("require_js_url", "mathjax_url", "mermaid_js_url")}
exporters = {
    "notebook": NotebookExporter(config=Config(ExecutePreprocessor=execution)),
    "html": HTMLExporter(config=Config(HTMLExporter={"template_name": "lab", **scripts})),
}

for line in sys.stdin:
    asked = json.loads(line)
    try:
        exporter, file = exporters[asked["to"]], asked["file"]
        if "notebook" in asked:
            place = {"metadata": {"path": dirname(file)}}
            text, _ = exporter.from_notebook_node(reads(json.dumps(asked["notebook"]), as_version=4), place)
        else:
            text, _ = exporter.from_filename(file)
        answer = {"text": text}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
