/** What the tests of all parts of the gateway share. */
@NullMarked
package dev.troupe.gateway;

import org.jspecify.annotations.NullMarked;
