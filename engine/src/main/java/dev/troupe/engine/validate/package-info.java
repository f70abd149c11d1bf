/**
 * Type checking of modules (chapter 3 of the specification, algorithm of its appendix 7.3).
 *
 * <p>Floor 2: imports {@code base} and {@code wasm}. Start reading at {@link
 * dev.troupe.engine.validate.ModuleValidator}: it checks everything outside function bodies at once
 * and hands out {@link dev.troupe.engine.validate.FunctionValidator}s, one per thread, that check
 * one body each and return {@link dev.troupe.engine.validate.FunctionFacts} for the front end.
 *
 * <p>Main invariant: each body is read once, in one pass, in memory bounded by its nesting and its
 * stack height. Types are ints ({@link dev.troupe.engine.wasm.ValType#code()}); nothing is
 * allocated per instruction. A module that is both malformed and invalid is reported as malformed.
 */
@NullMarked
package dev.troupe.engine.validate;

import org.jspecify.annotations.NullMarked;
