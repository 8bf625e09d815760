/**
 * What every kind of resource needs that lives as long as the application context: closed
 * after the last singleton, closed before a checkpoint and opened again, and work in the
 * background.
 * <p>
 * Not for applications: it may change with every release.
 */
@NullMarked
package dev.yammap.spring.boot.lifecycle;

import org.jspecify.annotations.NullMarked;
