/**
 * The info of mapped files and journals.
 * <p>
 * Uses {@code registry} and {@code tracking}. Not for applications: it may change with
 * every release.
 */
@NullMarked
package dev.yammap.spring.boot.info;

import org.jspecify.annotations.NullMarked;
