@NullMarked
package dev.yammap.spring.boot.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
