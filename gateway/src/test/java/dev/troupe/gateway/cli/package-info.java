/** Tests of the commands that need no server. */
@NullMarked
package dev.troupe.gateway.cli;

import org.jspecify.annotations.NullMarked;
