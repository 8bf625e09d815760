/**
 * One open file: its state ({@link dev.yammap.internal.file.MappedFile}), how its size
 * changes ({@link dev.yammap.internal.file.FileGrowth}), what a fault means
 * ({@link dev.yammap.internal.file.FaultGuard}), and how it is closed, or found to be
 * lost ({@link dev.yammap.internal.file.Lifecycle}). May use {@code fault}, {@code event}
 * and {@code os}.
 */
@NullMarked
package dev.yammap.internal.file;

import org.jspecify.annotations.NullMarked;
