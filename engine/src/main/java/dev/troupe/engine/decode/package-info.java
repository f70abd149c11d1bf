/**
 * Bytes to {@link dev.troupe.engine.wasm.WasmModule} (chapter 5 of the specification).
 *
 * <p>Floor 2: imports {@code base} and {@code wasm}. Start reading at {@link
 * dev.troupe.engine.decode.ModuleDecoder}.
 *
 * <p>Main invariant: decoding is proportional to the input. Counts are checked against the bytes
 * that are left before anything of their size is allocated, and function bodies are only delimited:
 * their instructions are read once, by the validator, which reports malformed ones.
 */
@NullMarked
package dev.troupe.engine.decode;

import org.jspecify.annotations.NullMarked;
