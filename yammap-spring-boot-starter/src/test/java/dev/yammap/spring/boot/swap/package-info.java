@NullMarked
package dev.yammap.spring.boot.swap;

import org.jspecify.annotations.NullMarked;
