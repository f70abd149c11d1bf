/** Tests of the arithmetic of quotas, without actors. */
@NullMarked
package dev.troupe.actors.admission;

import org.jspecify.annotations.NullMarked;
