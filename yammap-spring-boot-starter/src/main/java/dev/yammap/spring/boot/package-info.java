/**
 * What an application uses of the starter: the registries of its files and journals, the
 * qualifier that injects a file, the properties of a file and of a journal, and the beans
 * that prepare a file or validate its replacement.
 * <p>
 * Uses the engine and the journal alone. Everything below this package except the
 * properties in {@code autoconfigure} is not for applications: it is public only because
 * the packages of the starter use each other.
 */
@NullMarked
package dev.yammap.spring.boot;

import org.jspecify.annotations.NullMarked;
