/** Tests of the passes: random functions mean the same before and after each of them. */
@NullMarked
package dev.troupe.engine.ssa.pass;

import org.jspecify.annotations.NullMarked;
