/**
 * WASI preview 1 as host functions: what C, Rust or TinyGo programs import to see arguments,
 * clocks, random bytes and files. A guest reaches what its {@link dev.troupe.wasi.WasiContext}
 * gives it, and nothing else.
 *
 * <pre>{@code
 * Linker<WasiContext> linker = Linker.create(engine);
 * Wasi.addTo(linker, context -> context);
 * try (WasiContext context =
 *         WasiContext.builder().arguments(List.of("program")).preopen(folder, ".").build();
 *     Store<WasiContext> store = Store.create(engine, context)) {
 *   linker.instantiate(store, module).func("_start").call();
 * } catch (TrapException e) {
 *   int status = Wasi.exitCode(e).orElseThrow(() -> e);
 * }
 * }</pre>
 *
 * <p>May import the engine. Start reading at {@link dev.troupe.wasi.Wasi}, then {@code
 * WasiFunction}: one row per function.
 *
 * <p>Main invariants: a number that the guest gave is an index or an address only after it was
 * checked; what the guest does wrong is an error number, never an exception that leaves the
 * function; paths are resolved by the kernel beneath an open directory, never as text. Reading and
 * writing, clocks and random bytes allocate nothing.
 */
@NullMarked
package dev.troupe.wasi;

import org.jspecify.annotations.NullMarked;
