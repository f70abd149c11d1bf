/**
 * The demonstration: a server of its own, ten tenants, real functions, a spinner and a memory hog,
 * and checks of everything that is shown. May import {@code client} and {@code run}.
 *
 * <p>Start reading at {@link dev.troupe.load.demo.Demo}.
 */
@NullMarked
package dev.troupe.load.demo;

import org.jspecify.annotations.NullMarked;
