/** Tests of the pipeline: what compiled code computes, limits, determinism, printed stages. */
@NullMarked
package dev.troupe.engine.compile;

import org.jspecify.annotations.NullMarked;
