package dev.yammap.spring.boot.lifecycle;

import dev.yammap.spring.boot.registry.DefaultMmaps;

/**
 * Announces checkpoints of the process. Known apart from what does it, which needs
 * classes that an application may not have.
 */
public interface Checkpoints {

	/**
	 * Has files closed before each checkpoint, and opened again after it. To be called
	 * before anything that uses the files asks to be told of checkpoints itself.
	 * @param mmaps the registry of the files
	 */
	void announceTo(DefaultMmaps mmaps);

}
