/**
 * Tests of whole processes: the launcher, the command line's contracts, the README's quick start,
 * the demo. They run after packaging and import nothing of ours.
 */
@NullMarked
package dev.troupe.system;

import org.jspecify.annotations.NullMarked;
