/**
 * Meters of mapped files.
 * <p>
 * Uses {@code registry} and {@code settings}. Not for applications: it may change with
 * every release.
 */
@NullMarked
package dev.yammap.spring.boot.metrics;

import org.jspecify.annotations.NullMarked;
