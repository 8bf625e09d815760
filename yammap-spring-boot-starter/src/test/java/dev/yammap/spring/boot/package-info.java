@NullMarked
package dev.yammap.spring.boot;

import org.jspecify.annotations.NullMarked;
