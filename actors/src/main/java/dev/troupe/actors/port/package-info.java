/**
 * What the actors need from the outside: a runtime for functions and a store for tenants.
 *
 * <p>Imports nothing but the JDK. {@link dev.troupe.actors.port.FunctionRuntime} is the place to
 * start. Main invariant: guest code runs only inside {@link
 * dev.troupe.actors.port.CallFiber#resume}.
 */
@NullMarked
package dev.troupe.actors.port;

import org.jspecify.annotations.NullMarked;
