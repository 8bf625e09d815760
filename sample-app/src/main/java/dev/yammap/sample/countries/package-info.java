/**
 * The country of an IPv4 address: the table, how it is built, and how it is searched.
 */
@NullMarked
package dev.yammap.sample.countries;

import org.jspecify.annotations.NullMarked;
