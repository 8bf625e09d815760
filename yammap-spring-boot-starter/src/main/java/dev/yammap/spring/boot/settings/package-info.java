/**
 * The meaning of the properties of a file or journal: a checked description of each.
 * Touches no file.
 * <p>
 * Uses the root package and the engine. Not for applications: it may change with every
 * release.
 */
@NullMarked
package dev.yammap.spring.boot.settings;

import org.jspecify.annotations.NullMarked;
