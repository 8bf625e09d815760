/**
 * How what was written becomes durable, by flushes that threads share.
 */
@NullMarked
package dev.yammap.internal.sync;

import org.jspecify.annotations.NullMarked;
