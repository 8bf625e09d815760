/**
 * Follows the files with {@code reload-on-update}, and swaps a file when another takes
 * its place.
 * <p>
 * Uses {@code registry}, {@code tracking} and what that uses. Not for applications: it
 * may change with every release.
 */
@NullMarked
package dev.yammap.spring.boot.reload;

import org.jspecify.annotations.NullMarked;
