/**
 * The WebAssembly text format: characters of a module to its binary ({@link
 * dev.troupe.engine.text.Wat}), scripts to commands ({@link dev.troupe.engine.text.Wast}).
 *
 * <p>Floor 2: may import {@code base} and {@code wasm}. What comes out of here is bytes that the
 * ordinary decoder and validator read like any other module; nothing is checked here that they
 * check.
 *
 * <p>Pipeline: {@link dev.troupe.engine.text.Lexer} turns the whole source into an array of {@link
 * dev.troupe.engine.text.Tokens}; {@link dev.troupe.engine.text.ModuleBinder} walks the fields once
 * to give every identifier its index; {@link dev.troupe.engine.text.ModuleParser} walks them again
 * and writes sections. No tree is built, no step is recursive, every step is linear in the source.
 *
 * <p>Main invariant: a lexical error is a token. It surfaces only when a walk reaches it, so an
 * error of the grammar before it in the same walk is the one that is reported.
 */
@NullMarked
package dev.troupe.engine.text;

import org.jspecify.annotations.NullMarked;
