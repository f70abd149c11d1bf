/** Tests of the front end: golden files, whole programs, programs built to be expensive. */
@NullMarked
package dev.troupe.engine.frontend;

import org.jspecify.annotations.NullMarked;
