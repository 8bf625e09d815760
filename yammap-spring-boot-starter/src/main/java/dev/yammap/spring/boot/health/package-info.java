/**
 * The health of mapped files and journals.
 * <p>
 * Uses {@code registry} and {@code tracking}. Not for applications: it may change with
 * every release.
 */
@NullMarked
package dev.yammap.spring.boot.health;

import org.jspecify.annotations.NullMarked;
