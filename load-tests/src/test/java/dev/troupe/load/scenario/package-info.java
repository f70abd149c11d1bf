/** Tests of the load generator's package of the same name. */
@NullMarked
package dev.troupe.load.scenario;

import org.jspecify.annotations.NullMarked;
