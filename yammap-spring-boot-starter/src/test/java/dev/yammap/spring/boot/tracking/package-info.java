@NullMarked
package dev.yammap.spring.boot.tracking;

import org.jspecify.annotations.NullMarked;
