"""Take what the binding needs out of TensorFlow's wheels: unpack.py WHEELS TARGET cpu|cuda

cpu:  the libraries and C headers, without the leading tensorflow/.
cuda: pip's own layout (the libraries look for ../nvidia/*/lib), with NVIDIA's libraries beside.
contents.json, written last, lists every file with its size.
"""

import json
import os
import shutil
import sys
import zipfile
from pathlib import Path

LIBRARIES = {"tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2"}
LICENCES = {"tensorflow/THIRD_PARTY_NOTICES.txt", "tensorflow/include/LICENSE"}
HEADERS = (
    "tensorflow/include/tensorflow/c/",
    "tensorflow/include/tensorflow/core/platform/ctstring",
    "tensorflow/include/tsl/platform/ctstring",
    "tensorflow/include/xla/tsl/c/",
    "tensorflow/include/tsl/platform/platform",
    "tensorflow/include/tensorflow/core/common_runtime/next_pluggable_device/c/",
)


def wanted(name: str) -> bool:
    if name.startswith("nvidia/"):
        return "/include/" not in name and not name.endswith((".py", "/"))
    return name in LIBRARIES or name in LICENCES or (name.startswith(HEADERS) and name.endswith(".h"))


def main(wheels: Path, target: Path, flavour: str) -> None:
    contents = {}
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for entry in archive.infolist():
                if not wanted(entry.filename):
                    continue
                name = entry.filename if flavour == "cuda" else entry.filename.removeprefix("tensorflow/")
                path = target / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as source, open(path, "wb") as sink:
                    shutil.copyfileobj(source, sink, 1 << 20)
                if (entry.external_attr >> 16) & 0o111:
                    path.chmod(0o755)
                contents[name] = entry.file_size
    if flavour == "cuda":
        for name in ("libtensorflow_cc.so.2", "libtensorflow_framework.so.2", "include"):
            os.symlink(os.path.join("tensorflow", name), target / name)
    (target / "contents.json").write_text(json.dumps(contents, indent=1))


main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
