/** Tests of the WebAssembly vocabulary. */
@NullMarked
package dev.troupe.engine.wasm;

import org.jspecify.annotations.NullMarked;
