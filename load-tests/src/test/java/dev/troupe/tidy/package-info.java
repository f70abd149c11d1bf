/**
 * The rules of the house as tests over every module's class files and sources. Imports nothing of
 * ours. It stands in the last module of the build, when all the others are compiled.
 */
@NullMarked
package dev.troupe.tidy;

import org.jspecify.annotations.NullMarked;
