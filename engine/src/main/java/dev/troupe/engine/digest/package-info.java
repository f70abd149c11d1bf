/**
 * SHA-256 of bytes wherever they are, by the processor's own instructions where it has them.
 *
 * <p>May import {@code os} and {@code asm.x64}. Start reading at {@link
 * dev.troupe.engine.digest.Sha256}.
 */
@NullMarked
package dev.troupe.engine.digest;

import org.jspecify.annotations.NullMarked;
