/** Tests of the pools: layout properties, contents, protection, reuse, exhaustion. */
@NullMarked
package dev.troupe.pooling;

import org.jspecify.annotations.NullMarked;
