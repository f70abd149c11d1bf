/** Helpers of the engine's tests: corpora, official scripts, JSON, comparing modules. */
@NullMarked
package dev.troupe.engine.testing;

import org.jspecify.annotations.NullMarked;
