/** Tests of the load generator's package of the same name. */
@NullMarked
package dev.troupe.load.run;

import org.jspecify.annotations.NullMarked;
