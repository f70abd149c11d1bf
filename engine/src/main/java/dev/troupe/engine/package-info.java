/**
 * The public face of the engine: compile a module, link it, instantiate it, call it.
 *
 * <pre>{@code
 * try (Engine engine = Engine.create();
 *     Module module = Module.fromText(engine, "(module (func (export \"add\") ...");
 *     Store<String> store = Store.create(engine, "me")) {
 *   Instance instance = Linker.<String>create(engine).instantiate(store, module);
 *   int sum = instance.func("add").call(Value.i32(1), Value.i32(2)).getFirst().asI32();
 * }
 * }</pre>
 *
 * <p>Floor 6: may import every package below, except that it reaches the compiler only through
 * {@link dev.troupe.engine.contract.CompilerService}. Start reading at {@link
 * dev.troupe.engine.Engine}.
 *
 * <p>Main invariants: engines, modules and linkers are shared between threads; a store and all that
 * belongs to it is used by one thread at a time. Bad modules, failed links and traps are different
 * exceptions.
 */
@NullMarked
package dev.troupe.engine;

import org.jspecify.annotations.NullMarked;
