package dev.yammap.spring.boot.lifecycle;

/**
 * Announces checkpoints of the process. Known apart from what does it, which needs
 * classes that an application may not have.
 */
public interface Checkpoints {

	/**
	 * Has resources given up before each checkpoint, and taken up again after it. To be
	 * called before anything that uses them asks to be told of checkpoints itself.
	 * @param resources what is told of checkpoints
	 */
	void announceTo(ManagedResources resources);

}
