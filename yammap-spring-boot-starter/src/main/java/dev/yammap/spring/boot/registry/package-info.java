/**
 * The registry: opens the files, knows what happened to each, syncs them, and closes
 * them.
 * <p>
 * Uses {@code settings}, {@code path}, {@code swap} and {@code lifecycle}. Knows nothing
 * of who asks it: reloads, endpoint, health, info, meters and observations. Not for
 * applications: it may change with every release.
 */
@NullMarked
package dev.yammap.spring.boot.registry;

import org.jspecify.annotations.NullMarked;
