@NullMarked
package dev.yammap.spring.boot.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
