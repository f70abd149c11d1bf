/**
 * The WebAssembly vocabulary: types, the instruction table {@link WasmOp} and the immutable decoded
 * module {@link dev.troupe.engine.wasm.WasmModule}.
 *
 * <p>Floor 1: may import {@code dev.troupe.engine.base} and nothing else of ours. Start reading at
 * {@link dev.troupe.engine.wasm.WasmModule}, then {@link dev.troupe.engine.wasm.WasmOp}.
 *
 * <p>Main invariant: everything here is data that cannot change after construction. Offsets are
 * byte positions in the module's own byte array; nothing here says that a module is <em>valid</em>,
 * only that it is well formed.
 */
@NullMarked
package dev.troupe.engine.wasm;

import org.jspecify.annotations.NullMarked;
