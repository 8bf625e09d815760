/**
 * What happens when a page of a mapping is unavailable: how the error is made to arrive
 * ({@link dev.yammap.internal.fault.FaultBarrier}), and what it becomes
 * ({@link dev.yammap.internal.fault.FaultGuard}). Also keeps the end of the stack from
 * coming half-way ({@link dev.yammap.internal.fault.StackReserve}). May use {@code event}
 * and {@code os}.
 */
@NullMarked
package dev.yammap.internal.fault;

import org.jspecify.annotations.NullMarked;
