/** Tests of the runtime's own parts. */
@org.jspecify.annotations.NullMarked
package dev.troupe.engine.runtime;
