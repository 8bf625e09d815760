/**
 * What must not go wrong half-way: how the error of an unavailable page is made to arrive
 * ({@link dev.yammap.internal.fault.FaultBarrier}), and how the end of the stack is kept
 * from coming ({@link dev.yammap.internal.fault.StackReserve}).
 */
@NullMarked
package dev.yammap.internal.fault;

import org.jspecify.annotations.NullMarked;
