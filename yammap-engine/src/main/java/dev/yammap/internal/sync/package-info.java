/**
 * Makes written bytes durable, by flushes that threads share. May use {@code file},
 * {@code fault}, {@code event} and {@code os}.
 */
@NullMarked
package dev.yammap.internal.sync;

import org.jspecify.annotations.NullMarked;
