/** Tests of the validator. */
@NullMarked
package dev.troupe.engine.validate;

import org.jspecify.annotations.NullMarked;
