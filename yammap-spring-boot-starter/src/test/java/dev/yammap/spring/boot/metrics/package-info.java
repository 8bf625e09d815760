@NullMarked
package dev.yammap.spring.boot.metrics;

import org.jspecify.annotations.NullMarked;
