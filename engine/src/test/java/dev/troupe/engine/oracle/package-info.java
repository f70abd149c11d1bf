/**
 * A small plain interpreter over the validated module: the second opinion of differential tests.
 *
 * <p>It shares the decoder and the validator with the engine and nothing else. Start reading at
 * {@link dev.troupe.engine.oracle.OracleInstance}, then {@link
 * dev.troupe.engine.oracle.Interpreter}. {@link dev.troupe.engine.oracle.WasmGenerator} makes
 * random modules to compare on.
 *
 * <p>Values are longs: i32 sign-extended, floats as their bits, references as handles with 0 for
 * null (functions: index into {@link dev.troupe.engine.oracle.OracleStore} plus one; host
 * references: any other number).
 */
@NullMarked
package dev.troupe.engine.oracle;

import org.jspecify.annotations.NullMarked;
