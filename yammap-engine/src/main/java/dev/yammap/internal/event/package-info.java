/**
 * What is told of a file: to its listeners, and to the JDK's Flight Recorder. Nothing
 * else of the engine refers to the module of that, which may be absent. May use
 * {@code os}.
 */
@NullMarked
package dev.yammap.internal.event;

import org.jspecify.annotations.NullMarked;
