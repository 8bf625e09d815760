package dev.yammap.spring.boot.lifecycle;

/**
 * Announces checkpoints of the process. It is an interface, as its implementation needs
 * classes that an application may lack.
 */
public interface Checkpoints {

	/**
	 * Has resources suspended before each checkpoint, and resumed after the restore. Must
	 * be called before anything that uses them registers for checkpoints itself.
	 * @param resources the resources to suspend and resume
	 */
	void announceTo(ManagedResources resources);

}
