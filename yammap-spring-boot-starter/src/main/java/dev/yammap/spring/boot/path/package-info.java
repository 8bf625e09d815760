/**
 * What is at a path: which file, whether it is the same as another, and the directories
 * on the way to it.
 * <p>
 * Uses {@code settings} and the engine. Not for applications: it may change with every
 * release.
 */
@NullMarked
package dev.yammap.spring.boot.path;

import org.jspecify.annotations.NullMarked;
