/** Tests of the binary decoder. */
@NullMarked
package dev.troupe.engine.decode;

import org.jspecify.annotations.NullMarked;
