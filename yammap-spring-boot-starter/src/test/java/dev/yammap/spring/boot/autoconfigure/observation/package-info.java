@NullMarked
package dev.yammap.spring.boot.autoconfigure.observation;

import org.jspecify.annotations.NullMarked;
