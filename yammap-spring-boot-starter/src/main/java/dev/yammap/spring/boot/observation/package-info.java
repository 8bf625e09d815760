/**
 * Observations of the syncs of mapped files and journals. An application may use the
 * convention, its context and its documentation; the rest may change with every release.
 * <p>
 * Uses {@code registry}, {@code settings} and {@code swap}.
 */
@NullMarked
package dev.yammap.spring.boot.observation;

import org.jspecify.annotations.NullMarked;
