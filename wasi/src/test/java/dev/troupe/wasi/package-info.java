/** Tests of WASI: each function through the real engine, the sandbox, the public test suite. */
@NullMarked
package dev.troupe.wasi;

import org.jspecify.annotations.NullMarked;
