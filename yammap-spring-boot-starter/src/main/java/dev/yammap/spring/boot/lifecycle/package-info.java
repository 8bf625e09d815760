/**
 * What every kind of resource needs that lives as long as the application context. It is
 * closed after the last singleton, suspended for a checkpoint and resumed after it, and
 * has work done in the background.
 * <p>
 * Uses the engine and Spring alone, and knows neither files nor journals. Another kind of
 * resource plugs in here: a registry of its own, as a
 * {@link dev.yammap.spring.boot.lifecycle.ManagedResources}. Not for applications: it may
 * change with every release.
 */
@NullMarked
package dev.yammap.spring.boot.lifecycle;

import org.jspecify.annotations.NullMarked;
