/** Tests of the operating system calls. */
@NullMarked
package dev.troupe.engine.os;

import org.jspecify.annotations.NullMarked;
