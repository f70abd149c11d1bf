/** Tests of the load generator's package of the same name. */
@NullMarked
package dev.troupe.load.schedule;

import org.jspecify.annotations.NullMarked;
