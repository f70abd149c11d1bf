/** Tests of the digest against the JDK's. */
@NullMarked
package dev.troupe.engine.digest;

import org.jspecify.annotations.NullMarked;
