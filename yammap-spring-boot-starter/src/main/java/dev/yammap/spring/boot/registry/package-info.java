/**
 * The registry: opens the files, knows what happened to each, and closes them.
 * <p>
 * Not for applications: it may change with every release.
 */
@NullMarked
package dev.yammap.spring.boot.registry;

import org.jspecify.annotations.NullMarked;
