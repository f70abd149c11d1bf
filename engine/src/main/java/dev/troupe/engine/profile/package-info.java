/**
 * What is running: maps of compiled code for perf ({@link dev.troupe.engine.profile.PerfMap},
 * {@link dev.troupe.engine.profile.JitDump}), samples of guests as a profile that the Firefox
 * profiler shows ({@link dev.troupe.engine.profile.GuestProfile}), and source lines from DWARF
 * ({@link dev.troupe.engine.profile.SourceLines}).
 *
 * <p>Above the façade, like {@code wast}: may import all of the engine, and nothing imports it but
 * commands. Main invariant: it only looks; no guest runs differently because of it. perf believes a
 * map for code that belongs to no file only: {@link
 * dev.troupe.engine.EngineConfig.Builder#anonymousCode}.
 */
@NullMarked
package dev.troupe.engine.profile;

import org.jspecify.annotations.NullMarked;
