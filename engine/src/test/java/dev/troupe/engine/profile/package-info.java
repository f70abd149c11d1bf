/** Tests of what profilers and debuggers get. */
@NullMarked
package dev.troupe.engine.profile;

import org.jspecify.annotations.NullMarked;
