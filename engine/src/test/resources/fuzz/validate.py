"""Answers, line by line, whether Wasmtime accepts a module that comes in base64: `wasm BASE64` or `wat BASE64`.

Arguments: the features that are on, in the words of dev.troupe.engine.wasm.WasmFeature.
"""
import base64
import sys

import wasmtime

OPTIONS = {
    "bulk-memory": "wasm_bulk_memory",
    "custom-page-sizes": "wasm_custom_page_sizes",
    "exceptions": "wasm_exceptions",
    "function-references": "wasm_function_references",
    "gc": "wasm_gc",
    "memory64": "wasm_memory64",
    "multi-memory": "wasm_multi_memory",
    "multi-value": "wasm_multi_value",
    "reference-types": "wasm_reference_types",
    "relaxed-simd": "wasm_relaxed_simd",
    "simd": "wasm_simd",
    "tail-call": "wasm_tail_call",
    "threads": "wasm_threads",
    "wide-arithmetic": "wasm_wide_arithmetic",
}
config = wasmtime.Config()
for feature, option in OPTIONS.items():
    setattr(config, option, feature in sys.argv[1:])
engine = wasmtime.Engine(config)

for line in sys.stdin:
    kind, text = line.split()
    data = b"" if text == "-" else base64.b64decode(text)
    try:
        if kind == "wat":
            data = wasmtime.wat2wasm(data)
        wasmtime.Module.validate(engine, data)
        print("valid", flush=True)
    except Exception as error:
        print("invalid " + " ".join(str(error).split())[:400], flush=True)
