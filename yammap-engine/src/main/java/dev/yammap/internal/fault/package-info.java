/**
 * What happens when a page of a mapping cannot be had: how the error is made to arrive,
 * and what it becomes.
 */
@NullMarked
package dev.yammap.internal.fault;

import org.jspecify.annotations.NullMarked;
