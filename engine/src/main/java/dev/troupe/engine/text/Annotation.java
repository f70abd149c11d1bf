package dev.troupe.engine.text;

/**
 * An annotation {@code (@id ...)} that a custom section gives a meaning (appendix "Custom Sections
 * and Annotations").
 *
 * @param id the text between {@code @} and the first separator
 * @param before index of the token that follows the annotation
 * @param start byte offset of the opening parenthesis
 * @param bodyStart byte offset behind the id
 * @param end byte offset behind the closing parenthesis
 */
record Annotation(String id, int before, int start, int bodyStart, int end) {}
