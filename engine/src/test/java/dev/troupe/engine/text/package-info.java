/** Tests of the text format. */
@NullMarked
package dev.troupe.engine.text;

import org.jspecify.annotations.NullMarked;
