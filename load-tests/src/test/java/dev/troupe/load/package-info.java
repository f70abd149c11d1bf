/** Tests of {@code troupe load} as a command. */
@NullMarked
package dev.troupe.load;

import org.jspecify.annotations.NullMarked;
