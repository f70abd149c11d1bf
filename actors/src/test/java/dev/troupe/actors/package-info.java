/**
 * Tests of the actors with a fake runtime whose modules are small scripts. {@code Fixture} makes a
 * platform; start with {@code InvocationTest}.
 */
@NullMarked
package dev.troupe.actors;

import org.jspecify.annotations.NullMarked;
