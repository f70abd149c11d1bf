/**
 * The artifact: inert {@link dev.troupe.engine.artifact.CompiledModule} records to and from the
 * bytes of an ELF64 file. May import {@code base}, {@code os}, {@code wasm}, {@code contract},
 * {@code digest}. Start reading at {@link dev.troupe.engine.artifact.ArtifactSection}, the list of
 * what is in a file.
 *
 * <p>Main invariants: equal modules give equal bytes; no byte of a file is without meaning, so that
 * every change of one is rejected; what a parser allocates is bounded by the size of the section
 * that it reads; metadata is protobuf by the schema in {@code dev/troupe/artifact/v1}, written and
 * read by hand ({@link dev.troupe.engine.artifact.WireWriter}), so that loading an artifact loads
 * no generated classes.
 */
@NullMarked
package dev.troupe.engine.artifact;

import org.jspecify.annotations.NullMarked;
