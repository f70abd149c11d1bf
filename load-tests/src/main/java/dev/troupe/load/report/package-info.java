/**
 * What a run found, and the forms in which people read it: text, JSON, percentile distributions
 * ({@code .hgrm}), a page with plots, and the comparison of two runs. JSON is complete: every other
 * form can be made from it.
 *
 * <p>May import {@code scenario} (verdicts). Start reading at {@link
 * dev.troupe.load.report.Report}.
 */
@NullMarked
package dev.troupe.load.report;

import org.jspecify.annotations.NullMarked;
