/**
 * The fuzzer: random modules in the engine, in every configuration, against the oracle, Node's V8
 * and Chicory; damaged modules against V8's and Wasmtime's validators.
 *
 * <p>Start reading at {@link dev.troupe.engine.fuzz.FuzzMain}. Engines are {@link
 * dev.troupe.engine.fuzz.Subject}s: they run the same {@link dev.troupe.engine.fuzz.FuzzCase} and
 * write down what can be seen from outside, line by line, in the same words. A difference is a
 * {@link dev.troupe.engine.fuzz.Finding}; {@link dev.troupe.engine.fuzz.Reducer} makes it small.
 */
@NullMarked
package dev.troupe.engine.fuzz;

import org.jspecify.annotations.NullMarked;
