/**
 * The registries of the files and of the journals: they open, sync and close them.
 * <p>
 * Uses {@code settings}, {@code path}, {@code swap}, {@code lifecycle} and
 * {@code tracking}. Does not know the packages that ask it: reloads, endpoint, health,
 * info, meters and observations. Not for applications: it may change with every release.
 */
@NullMarked
package dev.yammap.spring.boot.registry;

import org.jspecify.annotations.NullMarked;
