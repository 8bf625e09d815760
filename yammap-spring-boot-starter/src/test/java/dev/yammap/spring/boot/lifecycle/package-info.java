@NullMarked
package dev.yammap.spring.boot.lifecycle;

import org.jspecify.annotations.NullMarked;
