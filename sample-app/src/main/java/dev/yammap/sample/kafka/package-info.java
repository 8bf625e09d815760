/**
 * The visits of many instances of the sample, by way of Apache Kafka. In use with the
 * profile {@code kafka} alone.
 */
@NullMarked
package dev.yammap.sample.kafka;

import org.jspecify.annotations.NullMarked;
