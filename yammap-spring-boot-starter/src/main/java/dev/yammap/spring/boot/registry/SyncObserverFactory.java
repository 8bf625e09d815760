package dev.yammap.spring.boot.registry;

import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.swap.SyncObserver;

/**
 * Has an observer for the syncs of each file.
 */
@FunctionalInterface
public interface SyncObserverFactory {

	/**
	 * Returns what observes the syncs of a file.
	 * @param file the file
	 */
	SyncObserver observerOf(FileSettings file);

}
