/**
 * What is known about each file and journal: its life, what happened to it, and what is
 * wrong with it.
 * <p>
 * Uses {@code settings}, {@code path} and {@code swap}. Not for applications: it may
 * change with every release.
 */
@NullMarked
package dev.yammap.spring.boot.tracking;

import org.jspecify.annotations.NullMarked;
