/**
 * Tests of the API's compatibility. {@code WireCompatibilityTest} is the place to start reading.
 */
package dev.troupe.functions.v1;
