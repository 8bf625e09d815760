package dev.yammap.spring.boot.registry;

import dev.yammap.spring.boot.settings.ResourceSettings;
import dev.yammap.spring.boot.swap.SyncObserver;

/**
 * Makes an observer for the syncs of each file and journal.
 */
@FunctionalInterface
public interface SyncObserverFactory {

	/**
	 * Returns the observer for the syncs of a file or journal.
	 * @param resource the file or journal
	 */
	SyncObserver observerOf(ResourceSettings resource);

}
