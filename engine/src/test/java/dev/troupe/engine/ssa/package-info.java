/**
 * Tests of the intermediate representation, and an interpreter of it that shares nothing with the
 * passes: start reading at {@link dev.troupe.engine.ssa.SsaInterpreter}.
 */
@NullMarked
package dev.troupe.engine.ssa;

import org.jspecify.annotations.NullMarked;
