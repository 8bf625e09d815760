/**
 * Tests of what happens when a file, a disk or a process fails. Those with the tag
 * {@code faults} mount file systems and break them; they need Linux and root, and run in
 * the Maven profile of that name.
 */
@NullMarked
package dev.yammap.faults;

import org.jspecify.annotations.NullMarked;
