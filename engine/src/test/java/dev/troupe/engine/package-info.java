/** Tests of the public API and of the runtime behind it. */
@NullMarked
package dev.troupe.engine;

import org.jspecify.annotations.NullMarked;
