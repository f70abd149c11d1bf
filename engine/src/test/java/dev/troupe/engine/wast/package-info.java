/** Tests of the script runner, and the official scripts run through every configuration. */
@NullMarked
package dev.troupe.engine.wast;

import org.jspecify.annotations.NullMarked;
