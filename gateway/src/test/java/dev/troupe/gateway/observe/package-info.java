/** Tests of what operators see; start at {@code ProcessProbeTest}. */
@NullMarked
package dev.troupe.gateway.observe;

import org.jspecify.annotations.NullMarked;
