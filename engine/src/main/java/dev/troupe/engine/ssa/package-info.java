/**
 * The intermediate representation: functions in static single assignment form with block parameters
 * instead of phi instructions. May import {@code base} and {@code contract}; knows neither
 * WebAssembly binaries nor machine code. Start reading at {@link dev.troupe.engine.ssa.SsaOp}, the
 * table of operations, then {@link dev.troupe.engine.ssa.SsaFunction}, the storage.
 *
 * <p>Main invariant: whatever the verifier in {@code ssa.analysis} states; every pass takes a
 * function that verifies and leaves a function that verifies. Ids are dense ints, all tables are
 * arrays, and nothing iterates in hash order, so the same input gives the same bytes.
 */
@NullMarked
package dev.troupe.engine.ssa;

import org.jspecify.annotations.NullMarked;
