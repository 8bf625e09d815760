/**
 * The info of mapped files.
 * <p>
 * Uses {@code registry}. Not for applications: it may change with every release.
 */
@NullMarked
package dev.yammap.spring.boot.info;

import org.jspecify.annotations.NullMarked;
